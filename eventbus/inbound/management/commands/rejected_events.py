"""`manage.py rejected_events`: foreign events that were not accepted, and trying them again."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db.models import QuerySet

from eventbus.commands import MOMENT, BaseOperatorCommand
from eventbus.inbound import rejections
from eventbus.inbound.models import RejectedEvent
from eventbus.operations.format_table import format_table

HEADER = ("NUMBER", "LAST", "COUNT", "VIA", "SOURCE", "ID", "TYPE", "REASON")
#: Rows that `list` shows.
MAX_SHOWN = 100
_FIELDS = ("pk", "last_at", "count", "via", "source", "foreign_id", "type", "reason")


class Command(BaseOperatorCommand):
    help = (
        "Show foreign events that were rejected in the last 30 days, the newest first, or take in "
        "again what its class takes by now. What they hold is not shown."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        shown = actions.add_parser("list", help="show the newest with their reasons")
        shown.add_argument("--json", action="store_true", help="print the result as JSON")
        again = actions.add_parser("retry", help="take them in again, where that succeeds now")
        again.add_argument("number", nargs="*", type=int, metavar="NUMBER", help="none: all")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "list":
            self._list(options["json"])
        else:
            self._retry(options["number"])

    def _list(self, as_json: bool) -> None:
        rows = list(RejectedEvent.objects.order_by("-last_at", "-pk").values(*_FIELDS)[:MAX_SHOWN])
        if as_json:
            self.write_json([{"number": row.pop("pk"), **row} for row in rows])
        elif rows:
            self.stdout.write("\n".join(format_table([HEADER, *map(_cells, rows)])))
        else:
            self.stdout.write("No foreign event was rejected.")

    def _retry(self, numbers: list[int]) -> None:
        accepted, rejected = rejections.retry(_chosen(numbers).iterator(chunk_size=20))
        self.stdout.write(f"{accepted} accepted, {rejected} still rejected")


def _chosen(numbers: list[int]) -> "QuerySet[RejectedEvent]":
    """Return these rows, or all, the oldest first. Raises `CommandError` for an unknown number."""
    rows = RejectedEvent.objects.order_by("pk")
    if not numbers:
        return rows
    chosen = rows.filter(pk__in=numbers)
    if missing := set(numbers) - set(chosen.values_list("pk", flat=True)):
        raise CommandError(f"no rejected event {', '.join(map(str, sorted(missing)))}")
    return chosen


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    """Return a row's cells: what a stranger named itself, printable."""
    moment, *others = (row[name] for name in _FIELDS[1:])
    texts = ("".join(c if c.isprintable() else "?" for c in str(each)) for each in others)
    return (str(row["pk"]), f"{moment:{MOMENT}}", *texts)
