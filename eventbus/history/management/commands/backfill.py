"""`manage.py backfill APP`: feed the past to an app that joined later."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.dateparse import parse_date

from eventbus import registry
from eventbus.commands import BaseOperatorCommand
from eventbus.history.archive import archived_note
from eventbus.history.backfill import UnknownApp, backfill


class Command(BaseOperatorCommand):
    help = (
        "Have an app react to events of the past that it has never had. What it has had is left "
        "alone; the relay sends the rest whenever the app's queue is empty."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("app", help="the app, such as loyalty")
        parser.add_argument(
            "--since", metavar="DATE", help="events that occurred on this day or later"
        )
        parser.add_argument(
            "--type", default="", help="only this event, such as orders.OrderPlaced"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["type"] and options["type"] not in registry.event_types():
            raise CommandError(f"--type {options['type']}: no such event")
        try:
            opened = backfill(options["app"], _day(options["since"]), options["type"])
        except UnknownApp as error:
            raise CommandError(str(error)) from error
        for type, count in opened.items():
            self.stdout.write(f"{count:>8} {type}")
        self.stdout.write(f"{sum(opened.values()):>8} events of the past for {options['app']}")
        if note := archived_note():
            self.stdout.write(f"not among them: {note}, and puts them back with --restore")


def _day(text: str | None) -> datetime:
    if not text:
        return datetime.min.replace(tzinfo=UTC)
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise CommandError(f"--since {text}: not a date such as 2026-11-21")
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
