"""What our management commands have in common: they speak to people in one line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError, connection


class OperatorCommand(BaseCommand):
    """A command that refuses bad arguments in one line, and shows no traceback of a server away."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        # Before an error, argparse shows how it is used; --help is there for that.
        parser.print_usage = lambda file=None: None  # type: ignore[method-assign]
        return parser

    def execute(self, *args: Any, **options: Any) -> Any:
        try:
            return super().execute(*args, **options)
        except (OperationalError, InterfaceError) as error:
            if connection.is_usable():
                raise
            reason = str(error).strip().partition("\n")[0]
            raise CommandError(f"the database is away ({reason}); `make run` starts it") from error
