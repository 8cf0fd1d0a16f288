"""`manage.py archive --before 2026-01`: months of the past go into files."""

import json
from argparse import ArgumentTypeError
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.forms.models import model_to_dict

from eventbus import clock
from eventbus.commands import BaseHistoryCommand
from eventbus.conf import conf
from eventbus.exceptions import BusError
from eventbus.history.archive import archive, restore
from eventbus.history.archive.archive_checks import check_archivable
from eventbus.history.models import ArchivedMonth
from eventbus.history.partitions import Partition, existing_partitions, month_start


class Command(BaseHistoryCommand):
    help = (
        "Take months of settled events and deliveries out of the database, each into a compressed "
        "file that is read back and compared first; what tells of people is blank in it. A month "
        "in which something is open stays, and the command says why. Without an option: show "
        "which months there are, and which are archived. Exit code 1 if a month had to stay."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--before", type=_month, metavar="MONTH", help="all months before this one, as 2026-01"
        )
        what.add_argument("--restore", metavar="MONTH", help="put an archived month back")
        parser.add_argument(
            "--to",
            type=Path,
            metavar="FOLDER",
            default=Path(conf.STATE or ".") / "archive",
            help="where the files are (%(default)s)",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            results = list(self._results(options))
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        if options["json"]:
            self.stdout.write(json.dumps({"months": results}, cls=DjangoJSONEncoder))
        if any(result["state"] == "stays" for result in results):
            raise SystemExit(1)

    def _results(self, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for result in self._work(options):
            if not options["json"]:
                self.stdout.write(_line(result))
            yield result

    def _work(self, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if name := options["restore"]:
            yield _restored(name, options["to"])
        elif before := options["before"]:
            for month in existing_partitions():
                if month.until <= before:
                    yield _gone(month, options["to"], options["dry_run"])
        else:
            yield from (_about(archived) for archived in ArchivedMonth.objects.order_by("until"))
            yield from ({"month": month.name, "state": "kept"} for month in existing_partitions())


def _gone(month: Partition, folder: Path, dry_run: bool) -> dict[str, Any]:
    try:
        if not dry_run:
            return _about(archive(month, folder))
        check_archivable(month)
    except BusError as error:
        return {"month": month.name, "state": "stays", "reason": str(error)}
    return {"month": month.name, "state": "settled"}


def _restored(name: str, folder: Path) -> dict[str, Any]:
    archived = ArchivedMonth.objects.filter(name=name).first()
    if archived is None:
        raise CommandError(f"--restore {name}: no month of that name is archived")
    found = Path(archived.file)
    try:
        restore(archived, found if found.exists() else folder / found.name)
    except BusError as error:
        raise CommandError(str(error)) from error
    return {"month": name, "state": "restored"}


def _about(archived: ArchivedMonth) -> dict[str, Any]:
    fields = model_to_dict(archived, exclude=["name", "since"])
    return {"month": archived.name, "state": "archived", **fields}


def _line(result: dict[str, Any]) -> str:
    line = f"{result['month']:8} {result['state']}"
    if "reason" in result:
        return f"{line}: {result['reason']}"
    if "file" in result:
        return (
            f"{line}: {result['events']} events, {result['deliveries']} deliveries in "
            + (result["file"])
        )
    return line


def _month(text: str) -> datetime:
    try:
        month = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is not a month such as 2026-01") from error
    if month > month_start(clock.now()):
        raise ArgumentTypeError(f"{text}: at most {clock.now():%Y-%m}, which is not over")
    return month
