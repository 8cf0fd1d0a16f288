"""Base of our management commands: errors are one line, never a traceback."""

import argparse
import getpass
import json
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import InterfaceError, OperationalError, connection

from eventbus.exceptions import in_one_line

#: How moments are written, in UTC.
MOMENT = "%Y-%m-%d %H:%M:%S"
#: Characters that are kept of a reason, and of who gave it.
MAX_REASON = 500
MAX_NAME = 150
#: The niceness of what goes through history: everybody else is waited for sooner.
BEHIND_ALL = 19


class OneLineParser(CommandParser):
    """Refuses without showing first how the command is used; --help is there for that."""

    def print_usage(self, file: Any = None) -> None:
        pass


class BaseOperatorCommand(BaseCommand):
    """A command that refuses bad arguments in one line, and shows no traceback of a server away."""

    #: The deploy step has run them. Here they would load every page of the project.
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.__class__ = OneLineParser
        return parser

    def execute(self, *args: Any, **options: Any) -> Any:
        try:
            return super().execute(*args, **options)
        except KeyboardInterrupt:
            self.stderr.write("stopped; what was emitted until now goes on")
            raise SystemExit(130) from None
        except (OperationalError, InterfaceError) as error:
            if connection.is_usable():
                raise
            raise CommandError(f"the database is away: {in_one_line(error)}") from error

    def write_json(self, result: Any) -> None:
        """Print a result for machines."""
        self.stdout.write(json.dumps(result, cls=DjangoJSONEncoder, indent=2))


class BaseHistoryCommand(BaseOperatorCommand):
    """A command that goes through much of history, for as long as that takes."""

    _is_program = False

    def run_from_argv(self, argv: list[str]) -> None:
        self._is_program = True
        super().run_from_argv(argv)

    def execute(self, *args: Any, **options: Any) -> Any:
        """Run; as a program of its own, giving way to all others on this machine."""
        if self._is_program:
            os.nice(BEHIND_ALL)
        return super().execute(*args, **options)


def add_operator(parser: argparse.ArgumentParser) -> None:
    """Add `--by`: who does it, recorded with it; by default whoever is logged in."""
    parser.add_argument("--by", type=_name, default=_logged_in(), help="who you are (%(default)s)")


def one_line(text: str, most: int = MAX_REASON) -> str:
    """Return an argument's text in one line; refuse an empty or too long one."""
    line = " ".join(text.split())
    if not line:
        raise argparse.ArgumentTypeError("it must not be empty")
    if len(line) > most:
        raise argparse.ArgumentTypeError(f"it must have at most {most} characters")
    return line


def _name(text: str) -> str:
    return one_line(text, MAX_NAME)


def parse_target(text: str) -> tuple[str, str]:
    """Split `app` or `app.reaction` into the app and the reaction, if any."""
    app, _, reaction = text.partition(".")
    return app, reaction


def _logged_in() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
