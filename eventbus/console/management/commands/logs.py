"""`manage.py logs ORDER`: what all programs have logged about one story."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from eventbus.commands import BaseOperatorCommand
from eventbus.console.log_reader import lines_about, log_folder
from eventbus.console.story import UnknownStory, ids_of


class Command(BaseOperatorCommand):
    help = (
        "Show every line that any program has logged about one order, in the order of time: "
        "from the logs of this machine, in the folder `log` of EVENTBUS_STATE. Exit code 1 if "
        "there is no such order."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "order", help="the order's number or id, or the id of an event or a correlation"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object per line")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            ids = ids_of(options["order"])
        except UnknownStory as error:
            raise CommandError(str(error)) from error
        for line in lines_about(ids, log_folder()):
            shown = json.dumps(line.values) if options["json"] else f"{line.program}: {line.text}"
            self.stdout.write(shown)
