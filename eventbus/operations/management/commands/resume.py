"""`manage.py resume APP[.REACTION]`: end a pause."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from eventbus.commands import BaseOperatorCommand, add_operator, one_line, parse_target
from eventbus.delivery import pause


class Command(BaseOperatorCommand):
    help = (
        "End a pause: what waited is due at once. A reaction that is paused by itself stays "
        "paused when its app is resumed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "name", type=parse_target, metavar="APP[.REACTION]", help="what to resume"
        )
        parser.add_argument("--reason", type=one_line, help="why, recorded with it")
        add_operator(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        app, reaction = options["name"]
        try:
            count = pause.resume(app, reaction, by=options["by"], reason=options["reason"] or "")
        except pause.NotPaused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"resumed; {count} deliveries waited and are due now")
