"""`manage.py rebuild APP`: make an app's projections anew from history."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from eventbus.commands import BaseHistoryCommand
from eventbus.exceptions import BusError
from eventbus.history.only_one import only_one
from eventbus.history.rebuild import Rebuild
from eventbus.operations.format_table import format_table


class Command(BaseHistoryCommand):
    help = (
        "Make the projections of an app anew: what it has reacted to is repeated from history, "
        "beside its live tables, and swapped in at once. The app goes on meanwhile. Nothing is "
        "emitted and nobody is called. Stopped at any moment, the live tables are as they were; "
        "run it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("app", help="the app, such as loyalty")
        parser.add_argument(
            "--dry-run", action="store_true", help="build and compare, and swap nothing in"
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with only_one("rebuild", options["app"]):
                self._rebuild(Rebuild(options["app"]), options)
        except BusError as error:
            raise CommandError(str(error)) from error

    def _rebuild(self, rebuild: Rebuild, options: dict[str, Any]) -> None:
        unknown = rebuild.unknown()
        for reaction, count in unknown.items():
            self.stderr.write(f"left out: {count} of {reaction}, which is in the code no more")
        count, work = rebuild.count(), rebuild.try_out if options["dry_run"] else rebuild.run
        with tqdm(
            total=count, desc="Repeating", unit=" reactions", disable=None, leave=False
        ) as bar:
            tables = work(bar.update)
        result = {
            "app": rebuild.app,
            "dry_run": options["dry_run"],
            "reactions": count,
            "left_out": unknown,
            "events_not_emitted_again": dict(sorted(rebuild.suppressed.items())),
            "external_calls": [],
            "tables": {name: asdict(rows) for name, rows in tables.items()},
        }
        if options["json"]:
            self.write_json(result)
        else:
            self._write(result)

    def _write(self, result: dict[str, Any]) -> None:
        self.stdout.write(f"{result['reactions']} reactions of {result['app']} repeated")
        for type, count in result["events_not_emitted_again"].items():
            self.stdout.write(f"{count:>8} {type} not emitted again")
        names = list(next(iter(result["tables"].values())))
        header = ["TABLE", *(name.replace("_", " ").upper() for name in names)]
        rows = [(table, *map(str, counts.values())) for table, counts in result["tables"].items()]
        self.stdout.write("\n".join(format_table([tuple(header), *rows])))
        done = "nothing of it stays" if result["dry_run"] else "swapped in"
        self.stdout.write(done)
