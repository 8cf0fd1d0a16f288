"""`manage.py overdue`: who has not reacted in time."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db.models import F

from eventbus import registry
from eventbus.commands import MOMENT, BaseOperatorCommand
from eventbus.operations import overdue
from eventbus.operations.format_table import format_table

HEADER = ("REACTION", "OVERDUE", "OLDEST (UTC)", "AFTER")
FACTS = {
    "delivery": F("id"),
    "event_type": F("event__type"),
    "subject": F("event__subject"),
}


class Command(BaseOperatorCommand):
    help = (
        "Show which reactions have not answered in time, or with --full each event that waits. "
        "Exit code 1 if there are any. What is paused is not overdue."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--app", default="", help="those of this app")
        parser.add_argument("--full", action="store_true", help="each event that waits")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        app = options["app"]
        if app and app not in registry.apps_with_reactions():
            raise CommandError(f"no app {app} reacts to anything: see manage.py events")
        rows = overdue.deliveries()
        rows = rows.filter(app=app) if app else rows
        found = list(
            rows.values(
                *("event_id", "app", "reaction", "state", "attempts", "waiting_since"), **FACTS
            )
            if options["full"]
            else overdue.by_reaction(rows)
        )
        if options["json"]:
            self.write_json(found)
        elif not found:
            self.stdout.write("Nobody is overdue.")
        else:
            self.stdout.write("\n".join(_in_full(found) if options["full"] else _table(found)))
        if found:
            raise SystemExit(1)


def _table(found: list[dict[str, Any]]) -> list[str]:
    limits = overdue.thresholds()
    rows = [
        (
            f"{row['app']}.{row['reaction'] or '?'}",
            str(row["count"]),
            f"{row['oldest']:{MOMENT}}",
            _seconds(limits.get((row["app"], row["reaction"]))),
        )
        for row in found
    ]
    return list(format_table([HEADER, *rows]))


def _seconds(limit: Any) -> str:
    return f"{limit.total_seconds():g} s" if limit else ""


def _in_full(found: list[dict[str, Any]]) -> list[str]:
    return [
        f"#{row['delivery']} {row['app']}.{row['reaction'] or '?'} of {row['event_type']} "
        f"{row['subject']}: {row['state']} since {row['waiting_since']:{MOMENT}} UTC"
        for row in found
    ]
