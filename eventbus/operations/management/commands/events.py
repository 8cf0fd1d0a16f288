"""`manage.py events`: the catalogue of events."""

import json
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from django.core.management.base import CommandParser

from eventbus.commands import BaseOperatorCommand
from eventbus.operations.event_catalog import Entry, catalogue
from eventbus.operations.format_table import format_table
from eventbus.operations.mermaid import mermaid

HEADER = ("EVENT", "REACTION", "WHAT HAPPENED")


class Command(BaseOperatorCommand):
    help = "Show every event the apps emit, what it means, and which reactions it has."

    def add_arguments(self, parser: CommandParser) -> None:
        form = parser.add_mutually_exclusive_group()
        form.add_argument(
            "--json", action="store_true", help="print all of it, fields too, as JSON"
        )
        form.add_argument(
            "--mermaid", action="store_true", help="print who reacts to whom as a Mermaid flowchart"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        entries = catalogue()
        if options["json"]:
            plain = [entry.as_json() for entry in entries]
            self.stdout.write(json.dumps(plain, indent=2, ensure_ascii=False))
        elif options["mermaid"]:
            self.stdout.write(mermaid(entries))
        else:
            rows = [row for entry in entries for row in _rows(entry)]
            self.stdout.write("\n".join(format_table([HEADER, *rows])))


def _rows(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """Yield a line for each reaction; the event itself stands in the first."""
    version = f" v{entry.version}" if entry.version > 1 else ""
    kind = "" if entry.kind == "event" else f" ({entry.kind})"
    reactions = [f"{reaction.app}.{reaction.name}" for reaction in entry.reactions]
    yield from zip_longest(
        [entry.type + version + kind], reactions or ["nobody"], [entry.doc], fillvalue=""
    )
