"""`manage.py replay_orders FILE`."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from devtools.replay.errors import ReplayError
from devtools.replay.options import Options
from devtools.replay.replaying import replay
from devtools.replay.report import table
from eventbus.commands import BaseOperatorCommand


class Command(BaseOperatorCommand):
    """Replays a real trading day against the running system, and reports what became of it."""

    help = (
        "Place a trading day's orders, in the CSV format of UCI Online Retail, through the front "
        "door of the running system; wait until everything has settled, and print the figures. "
        "The whole file is checked before anything is placed. Exit code: 0 when all is settled; "
        "1 when the file or an option is refused, or when nothing moves for two minutes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("file", type=Path, help="the day, one row for each line of an invoice")
        add("--stock", metavar="N", help="units each product gets (default: enough for all)")
        add("--decline-rate", metavar="R", help="share of orders whose card is declined, 0 to 1")
        add("--seed", metavar="S", help="another seed declines other orders (default: 0)")
        add("--speed", metavar="X", help="times real time (default: as fast as it goes)")
        add("--json", action="store_true", help="print the figures as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = replay(options["file"], Options.read(options), self._say)
        except ReplayError as error:
            raise CommandError(str(error)) from error
        figures = report.as_json()
        self.stdout.write(json.dumps(figures, indent=2) if options["json"] else table(figures))

    def _say(self, line: str) -> None:
        with tqdm.external_write_mode():
            self.stderr.write(line)
