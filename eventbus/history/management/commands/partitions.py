"""`manage.py partitions`: the months of history there are, and what stands in none of them."""

from typing import Any

from django.core.management.base import CommandParser

from eventbus.commands import BaseOperatorCommand
from eventbus.history.partitions import (
    count_in_default,
    create_upcoming,
    existing_partitions,
    misplaced,
)

#: Rows are counted no further.
MANY = 1_000_000


class Command(BaseOperatorCommand):
    help = (
        "Show the months that history is divided into, and of which months something stands "
        "beside them, because nobody made them in time or a clock was wrong: the archive does "
        "not take that. Exit code 1 if there is any."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--make",
            action="store_true",
            help="make those that lack, and move into them what stands beside, however much it "
            "is; who emits an event waits meanwhile",
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        made = create_upcoming(at_most=None) if options["make"] else []
        there = [month.name for month in existing_partitions()]
        beside = [
            {"month": month.name, "rows": count_in_default(month, MANY)} for month in misplaced()
        ]
        if options["json"]:
            self.write_json({"months": there, "made": made, "beside": beside})
        else:
            self.stdout.write(f"months: {', '.join(there)}")
            if made:
                self.stdout.write(f"made: {', '.join(made)}")
            for each in beside:
                self.stdout.write(f"{each['month']}: {each['rows']} rows stand beside the months")
        if beside:
            raise SystemExit(1)
