"""`manage.py unknown_events`: events of types that no code here knows, and what to do with them."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError, CommandParser

from eventbus.commands import MOMENT, BaseOperatorCommand, add_operator, one_line
from eventbus.exceptions import BusError
from eventbus.operations import unknown_events
from eventbus.operations.format_table import format_table
from eventbus.operations.unknown_events import UnknownType

HEADER = ("TYPE", "WAITING", "SINCE", "PARKED")


class Command(BaseOperatorCommand):
    help = (
        "Show unpublished events of types that this code does not know. During a deploy a newer "
        "relay publishes them. Of a type that is gone, `park` takes them out of the way until "
        "they are retried or discarded, and `discard` gives them up and blanks what they tell."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        shown = actions.add_parser("list", help="show them by type")
        shown.add_argument("--json", action="store_true", help="print the result as JSON")
        for name, needed in (("park", False), ("discard", True)):
            action = actions.add_parser(name, help=f"{name} all events of a type")
            action.add_argument("type", metavar="TYPE", help="as `list` shows it")
            action.add_argument("--reason", required=needed, type=one_line)
            add_operator(action)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "list":
            self._list(options["json"])
        else:
            self._change(options)

    def _change(self, options: dict[str, Any]) -> None:
        change = {"park": unknown_events.park, "discard": unknown_events.discard}[options["action"]]
        try:
            count = change(options["type"], by=options["by"], reason=options["reason"] or "")
        except BusError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} {options['action']}ed")

    def _list(self, as_json: bool) -> None:
        found = unknown_events.unknown_types()
        if as_json:
            self.write_json([asdict(each) for each in found])
        elif found:
            self.stdout.write("\n".join(format_table([HEADER, *map(_row, found)])))
        else:
            self.stdout.write("Every event that waits is of a type that this code knows.")


def _row(each: UnknownType) -> tuple[str, ...]:
    since = f"{each.oldest:{MOMENT}}" if each.oldest else "-"
    return (each.type, str(each.waiting), since, str(each.parked))
