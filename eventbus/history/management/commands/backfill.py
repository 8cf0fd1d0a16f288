"""`manage.py backfill APP`: feed the past to an app that joined later."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.dateparse import parse_date
from tqdm import tqdm

from eventbus import clock, registry
from eventbus.commands import BaseHistoryCommand, add_operator
from eventbus.exceptions import BusError
from eventbus.history.archive import archived_note
from eventbus.history.backfill import Feeder, begin, end, missing, under_way
from eventbus.history.backfill_dry_run import dry_run_backfill
from eventbus.history.only_one import only_one

EVER = datetime.min.replace(tzinfo=UTC)
_ROWS = ("created", "changed", "deleted")
#: How a program ends that was interrupted.
INTERRUPTED = 130


class Command(BaseHistoryCommand):
    help = (
        "Have an app react to events of the past that it has never had, in the order in which they "
        "occurred. Its live events wait until these are through, and follow then. What it has had "
        "is left alone. Stopped at any moment, by Ctrl-C or worse, it goes on when run again; "
        "until then the app stays held, which `lag` and the console show."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("app", help="the app, such as loyalty")
        parser.add_argument(
            "--since", metavar="DATE", help="events that occurred on this day (UTC) or later"
        )
        parser.add_argument(
            "--type", default="", help="only this event, such as orders.OrderPlaced"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="show what it would do, and do nothing"
        )
        parser.add_argument(
            "--cancel", action="store_true", help="end one that was stopped: live events follow now"
        )
        parser.add_argument(
            "--json", action="store_true", help="print the result of a dry run as JSON"
        )
        add_operator(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["type"] and options["type"] not in registry.event_types():
            raise CommandError(f"--type {options['type']}: no such event")
        app, by, since = options["app"], options["by"], _day(options["since"])
        try:
            if options["cancel"]:
                self._say_live(app, end(app, by=by))
            elif options["dry_run"]:
                self._dry_run(app, since or EVER, options["type"], options["json"])
            else:
                self._backfill(app, since, options["type"], by)
        except BusError as error:
            raise CommandError(str(error)) from error

    def _backfill(self, app: str, since: datetime | None, type: str, by: str) -> None:
        there = under_way(app)
        if there and since is None and not type:
            since, type = there.since, there.type
        with only_one("backfill", app):
            feeder = Feeder(begin(app, since or EVER, type, by=by))
            with _stopped_by_signals(feeder):
                with _progress(self._announce(app, since or EVER, type)) as bar:
                    is_through = feeder.run(bar.update)
                self._say_states(feeder)
            if not is_through:
                self.stderr.write(
                    f"stopped; {app} stays held: run it again to go on, or with --cancel to end it"
                )
                raise SystemExit(INTERRUPTED)
            self._say_live(app, end(app, by=by))

    def _dry_run(self, app: str, since: datetime, type: str, as_json: bool) -> None:
        total = sum(missing(app, since, type).values())
        with _progress(total) as bar:
            found = dry_run_backfill(app, since, type, bar.update)
        rows = {
            table: dict(zip(_ROWS, counts, strict=True)) for table, counts in found.rows.items()
        }
        result = {"app": app, **asdict(found), "rows": rows}
        if as_json:
            self.write_json(result)
        else:
            self.stdout.write("\n".join(_dry_run_lines(result)))

    def _announce(self, app: str, since: datetime, type: str) -> int:
        counts = missing(app, since, type)
        for wanted, count in counts.items():
            muted = " (muted)" if wanted.reaction.is_muted else ""
            self.stdout.write(f"{count:>8} {wanted.type} -> {wanted.reaction.name}{muted}")
        self.stdout.write(f"{sum(counts.values()):>8} reactions of {app} to the past")
        if note := archived_note():
            self.stdout.write(f"not among them: {note}, and puts them back with --restore")
        return sum(counts.values())

    def _say_states(self, feeder: Feeder) -> None:
        states = ", ".join(
            f"{count} {state}" for state, count in sorted(feeder.states.items()) if count
        )
        self.stdout.write(f"fed: {states or 'nothing'}")

    def _say_live(self, app: str, count: int) -> None:
        self.stdout.write(f"{app} goes on with what is live: {count} deliveries waited")


def _dry_run_lines(result: dict[str, Any]) -> Iterator[str]:
    yield f"{result['reactions']} reactions would run, {result['muted']} are muted"
    for table, counts in result["rows"].items():
        yield f"  rows of {table}: {', '.join(f'{n} {kind}' for kind, n in counts.items() if n)}"
    for what in ("events", "calls", "failures"):
        for name, count in sorted(result[what].items()):
            yield f"  {what.removesuffix('s')} {name}: {count}"
    yield "nothing of it has happened"


@contextmanager
def _stopped_by_signals(feeder: Feeder) -> Iterator[None]:
    """Have Ctrl-C and TERM end it after the batch that runs."""
    signals = (signal.SIGINT, signal.SIGTERM)
    before = {each: signal.signal(each, lambda *_: feeder.stop()) for each in signals}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _progress(total: int) -> tqdm:
    return tqdm(total=total, desc="Feeding", unit=" reactions", disable=None, leave=False)


def _day(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise CommandError(f"--since {text}: not a date such as 2026-11-21")
    since = datetime(day.year, day.month, day.day, tzinfo=UTC)
    if since > clock.now():
        raise CommandError(f"--since {text}: that day has not begun")
    return since
