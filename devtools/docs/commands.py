"""The commands of `manage.py` that are ours."""

import argparse
from functools import partial

from django.apps import apps
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandParser

#: argparse breaks lines to fit the terminal; a document must not depend on one.
_ONE_LINE = partial(argparse.HelpFormatter, width=10_000)


def our_commands() -> dict[str, BaseCommand]:
    """Return the commands our apps bring, by name, sorted."""
    ours = {config.name for config in apps.get_app_configs() if _is_ours(config.name)}
    return {
        name: load_command_class(app, name)
        for name, app in sorted(get_commands().items())
        if app in ours
    }


def _is_ours(app: str) -> bool:
    return app.partition(".")[0] in settings.OUR_PACKAGES


def usage(name: str, command: BaseCommand) -> str:
    """Return how to call a command, in one line, without the options that all commands have."""
    parser = CommandParser(prog=name, add_help=False, formatter_class=_ONE_LINE)
    command.add_arguments(parser)
    return parser.format_usage().removeprefix("usage: ").strip()
