"""`manage.py failed list|retry|discard`: reactions that failed, and what to do about them."""

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from textwrap import indent
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from shop.bus import failed, registry
from shop.bus.commands import OneLineParser, OperatorCommand
from shop.bus.models import Delivery
from shop.bus.table import columns

HEADER = ("APP", "REACTION", "FAILED", "PARKED", "OLDEST (UTC)", "FIRST", "ERROR")
MOMENT = "%Y-%m-%d %H:%M:%S"
LARGEST_ID = 2**63 - 1

Change = Callable[[QuerySet[Delivery]], list[failed.Outcome]]


class Command(OperatorCommand):
    help = (
        "Reactions that failed. `list` shows what waits for its retry (failed) or for a person "
        "(parked), `retry` begins anew with deliveries, `discard` gives them up for good. "
        "Nothing is asked: what is chosen is done. Exit code 1 if any of it was refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(
            dest="action",
            required=True,
            metavar="list|retry|discard",
            parser_class=OneLineParser,
        )
        listing = actions.add_parser("list", help="show them by app, reaction and error")
        _add_names(listing)
        listing.add_argument("--state", default="", choices=[str(s) for s in failed.TROUBLED])
        listing.add_argument("--full", action="store_true", help="each delivery, with traceback")
        listing.add_argument("--json", action="store_true", help="print the result as JSON")
        _add_choice(actions.add_parser("retry", help="send deliveries to their apps again"))
        discard = actions.add_parser("discard", help="close deliveries that nobody needs")
        _add_choice(discard)
        discard.add_argument("--reason", required=True, type=_text, help="kept with each of them")

    def handle(self, *args: Any, **options: Any) -> None:
        _refuse_unknown(options["app"], options["reaction"])
        if options["action"] == "list":
            self._list(options)
        elif options["action"] == "retry":
            self._change(failed.retry, "retried", options)
        else:
            discard = partial(failed.discard, reason=options["reason"])
            self._change(discard, "discarded", options)

    def _list(self, options: dict[str, Any]) -> None:
        rows = failed.troubled(options["app"], options["reaction"], options["state"])
        full = options["full"]
        found = failed.details(rows) if full else [asdict(group) for group in failed.groups(rows)]
        if options["json"]:
            self.stdout.write(json.dumps(found, cls=DjangoJSONEncoder, indent=2))
        elif not found:
            self.stdout.write("Nothing has failed, nothing is parked.")
        else:
            self.stdout.write("\n".join(_in_full(found) if full else _in_groups(found)))

    def _change(self, change: Change, done: str, options: dict[str, Any]) -> None:
        outcomes = change(_chosen(options))
        outcomes += failed.unknown(options["ids"], outcomes)
        refused = [outcome for outcome in outcomes if outcome.refusal]
        for outcome in outcomes:
            result = f"refused, {outcome.refusal}" if outcome.refusal else done
            self.stdout.write(f"#{outcome.id} {outcome.about}: {result}")
        self.stdout.write(f"{len(outcomes) - len(refused)} {done}")
        if refused:
            raise CommandError(f"{len(refused)} of {len(outcomes)} refused")


def _add_names(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--app", default="", help="those of this app")
    parser.add_argument("--reaction", default="", help="those of this reaction")


def _add_choice(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", type=_id, help="a delivery's id")
    _add_names(parser)
    parser.add_argument("--all", action="store_true", help="all that failed or are parked")


def _id(text: str) -> int:
    if not (text.isdecimal() and int(text) <= LARGEST_ID):
        raise argparse.ArgumentTypeError(f"{text} is no delivery's id")
    return int(text)


def _text(text: str) -> str:
    """One line of text."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it must not be empty")
    return " ".join(text.split())


def _refuse_unknown(app: str, reaction: str) -> None:
    """A misspelt name must not look like one that has no trouble."""
    in_code = any(
        app in ("", known.app) and reaction in ("", known.name)
        for _, known in registry.all_reactions()
    )
    if not in_code and not failed.troubled(app, reaction).exists():
        name = ".".join(filter(None, [app, reaction]))
        raise CommandError(f"nothing that reacts is called {name}: see manage.py events")


def _chosen(options: dict[str, Any]) -> QuerySet[Delivery]:
    """The deliveries that are meant. Raises `CommandError` unless they are chosen in one way."""
    names = options["app"] or options["reaction"]
    if [bool(options["ids"]), bool(names), options["all"]].count(True) != 1:
        raise CommandError("choose deliveries by id, or by --app and --reaction, or --all of them")
    if options["ids"]:
        return Delivery.objects.filter(id__in=options["ids"])
    return failed.troubled(options["app"], options["reaction"])


def _in_groups(groups: list[dict[str, Any]]) -> Iterator[str]:
    yield from columns(
        [
            HEADER,
            *(
                (
                    group["app"],
                    group["reaction"] or "?",
                    str(group["failed"]),
                    str(group["parked"]),
                    f"{group['oldest']:{MOMENT}}",
                    f"#{group['first']}",
                    group["error"],
                )
                for group in groups
            ),
        ]
    )


def _in_full(deliveries: list[dict[str, Any]]) -> Iterator[str]:
    for row in deliveries:
        again = f", again {row['resend_at']:{MOMENT}} UTC" if row["resend_at"] else ""
        tried = f"{row['state']}, attempt {row['attempts']}{again}"
        yield f"#{row['id']} {row['app']}.{row['reaction'] or '?'}: {tried}"
        yield f"    {row['event_type']} {row['subject']}, event {row['event_id']}"
        yield indent(row["traceback"].strip(), "    ")
