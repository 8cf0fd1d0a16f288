"""`manage.py failed`: reactions that failed, and what to do about them."""

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from textwrap import indent
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db.models import QuerySet

from eventbus import registry
from eventbus.commands import (
    MOMENT,
    BaseOperatorCommand,
    OneLineParser,
    add_operator,
    one_line,
)
from eventbus.delivery.models import Delivery
from eventbus.operations import failure_notes, failures
from eventbus.operations.dry_run import DryRun, dry_run
from eventbus.operations.format_table import format_table

HEADER = ("APP", "REACTION", "FAILED", "PARKED", "OLDEST (UTC)", "FIRST", "GROUP", "ERROR")

OUTCOMES = {
    "done": "It would take effect. Nothing of this has happened:",
    "calls": "It would get as far as a call to the outside world. Nothing of this has happened:",
    "fails": "It would fail again:",
    "busy": "Others are at the same rows just now; try again:",
}

Change = Callable[..., list[failures.Outcome]]


class Command(BaseOperatorCommand):
    help = (
        "Reactions that failed. `list` shows what waits for its retry (failed) or for a person "
        "(parked), `retry` begins anew with deliveries, `discard` gives them up for good, "
        "`dry-run` shows what a retry would do, `note` keeps what is known of a group. "
        "Nothing is asked: what is chosen is done. Exit code 1 if any of it was refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(
            dest="action",
            required=True,
            metavar="list|retry|discard|dry-run|note",
            parser_class=OneLineParser,
        )
        listing = actions.add_parser("list", help="show them by app, reaction and error")
        _add_names(listing)
        listing.add_argument(
            "--state", default="", choices=[str(s) for s in failures.FAILED_OR_PARKED]
        )
        listing.add_argument("--full", action="store_true", help="each delivery, with traceback")
        listing.add_argument("--json", action="store_true", help="print the result as JSON")
        retry = actions.add_parser("retry", help="send deliveries to their apps again")
        _add_choice(retry)
        retry.add_argument("--reason", type=one_line, help="why, recorded with each of them")
        discard = actions.add_parser("discard", help="close deliveries that nobody needs")
        _add_choice(discard)
        discard.add_argument(
            "--reason", required=True, type=one_line, help="kept with each of them"
        )
        trial = actions.add_parser("dry-run", help="show what a retry would do, and do nothing")
        trial.add_argument("id", metavar="ID", type=_id, help="a delivery's id")
        trial.add_argument("--json", action="store_true", help="print the result as JSON")
        note = actions.add_parser("note", help="keep what is known of a group; replaces the last")
        note.add_argument("group", metavar="GROUP", help="as `list` shows it")
        note.add_argument("--text", type=one_line, help="what is known")
        note.add_argument("--owner", type=one_line, help="who looks after it")
        add_operator(note)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "note":
            return self._note(options)
        if options["action"] == "dry-run":
            return self._dry_run(options)
        _refuse_unknown(options["app"], options["reaction"])
        if options["action"] == "list":
            return self._list(options)
        if options["action"] == "retry":
            return self._change(failures.retry, "retried", options)
        return self._change(failures.discard, "discarded", options)

    def _list(self, options: dict[str, Any]) -> None:
        rows = failures.failed_or_parked(
            options["app"], options["reaction"], options["state"], options["group"]
        )
        full = options["full"]
        found = (
            failures.details(rows) if full else [asdict(group) for group in failures.groups(rows)]
        )
        if options["json"]:
            self.write_json(found)
        elif not found:
            self.stdout.write("Nothing has failed, nothing is parked.")
        else:
            self.stdout.write("\n".join(_in_full(found) if full else _in_groups(found)))

    def _dry_run(self, options: dict[str, Any]) -> None:
        row = Delivery.objects.select_related("event").filter(pk=options["id"]).first()
        if row is None:
            raise CommandError(f"there is no delivery #{options['id']}")
        tried = dry_run(row)
        if tried.outcome == "refused":
            raise CommandError(f"#{row.pk}: {tried.error}")
        if options["json"]:
            self.write_json(asdict(tried))
        else:
            self.stdout.write("\n".join(_tried(tried)))

    def _note(self, options: dict[str, Any]) -> None:
        if not (options["text"] or options["owner"]):
            raise CommandError("say something with --text, or who looks after it with --owner")
        text, owner = options["text"] or "", options["owner"] or ""
        try:
            failure_notes.annotate(options["group"], note=text, owner=owner, by=options["by"])
        except failure_notes.UnknownGroup as error:
            raise CommandError(str(error)) from error
        self.stdout.write("noted")

    def _change(self, change: Change, done: str, options: dict[str, Any]) -> None:
        outcomes = change(_chosen(options), by=options["by"], reason=options["reason"] or "")
        outcomes += failures.not_found(options["ids"], outcomes)
        refused = [outcome for outcome in outcomes if outcome.refusal]
        for outcome in outcomes:
            result = f"refused, {outcome.refusal}" if outcome.refusal else done
            self.stdout.write(f"#{outcome.id} {outcome.about}: {result}")
        self.stdout.write(f"{len(outcomes) - len(refused)} {done}")
        if refused:
            raise CommandError(f"{len(refused)} of {len(outcomes)} refused")


def _add_names(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--group", default="", help="those that fail alike, as `list` shows it")
    parser.add_argument("--app", default="", help="those of this app")
    parser.add_argument("--reaction", default="", help="those of this reaction")


def _add_choice(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", type=_id, help="a delivery's id")
    _add_names(parser)
    parser.add_argument("--all", action="store_true", help="all that failed or are parked")
    add_operator(parser)


def _id(text: str) -> int:
    if not (text.isdecimal() and int(text) <= failures.LARGEST_ID):
        raise argparse.ArgumentTypeError(f"{text} is no delivery's id")
    return int(text)


def _refuse_unknown(app: str, reaction: str) -> None:
    """Refuse a misspelt name: it must not look like one without failures."""
    in_code = any(
        app in ("", known.app) and reaction in ("", known.name)
        for _, known in registry.all_reactions()
    )
    if not in_code and not failures.failed_or_parked(app, reaction).exists():
        name = ".".join(filter(None, [app, reaction]))
        raise CommandError(f"nothing that reacts is called {name}: see manage.py events")


def _chosen(options: dict[str, Any]) -> QuerySet[Delivery]:
    """Return the deliveries chosen. Raises `CommandError` unless chosen in one way."""
    names = options["app"] or options["reaction"] or options["group"]
    if [bool(options["ids"]), bool(names), options["all"]].count(True) != 1:
        raise CommandError("choose by id, or by --app, --reaction and --group, or --all of them")
    if options["ids"]:
        return Delivery.objects.filter(id__in=options["ids"])
    return failures.failed_or_parked(options["app"], options["reaction"], "", options["group"])


def _in_groups(groups: list[dict[str, Any]]) -> Iterator[str]:
    yield from format_table(
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
                    group["fingerprint"],
                    group["error"] + _known(group),
                )
                for group in groups
            ),
        ]
    )


def _tried(tried: DryRun) -> Iterator[str]:
    yield OUTCOMES[tried.outcome]
    for change in tried.changes:
        yield f"  {change.kind} {change.model} {change.key}"
        for name, (before, after) in change.fields.items():
            yield f"      {name}: {json.dumps(before)} -> {json.dumps(after)}"
    yield from (f"  would state {event.type} {event.subject}" for event in tried.events)
    yield from (f"  would call {call}" for call in tried.calls)
    if tried.error:
        yield indent(tried.error.strip(), "  ")


def _known(group: dict[str, Any]) -> str:
    known = ", ".join(filter(None, [group["owner"], group["note"]]))
    return f" [{known}]" if known else ""


def _in_full(deliveries: list[dict[str, Any]]) -> Iterator[str]:
    for row in deliveries:
        again = f", again {row['resend_at']:{MOMENT}} UTC" if row["resend_at"] else ""
        tried = f"{row['state']}, attempt {row['attempts']}{again}"
        yield f"#{row['id']} {row['app']}.{row['reaction'] or '?'}: {tried}"
        yield f"    {row['event_type']} {row['subject']}, event {row['event_id']}"
        yield indent(row["traceback"].strip(), "    ")
