"""Blanks personal data in history, once no reaction needs it any more."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Collate, Lower, Now
from django.db.models.lookups import Exact

from eventbus import registry
from eventbus.delivery.models import Delivery, OperatorAction, OutboxEvent
from eventbus.delivery.relay import resend_delay
from eventbus.event import Event
from eventbus.history.models import Redaction
from eventbus.mailboxes import mailbox
from eventbus.operations.models import FailureNote
from eventbus.personal import has_personal_fields, personal_fields, redacted_data
from eventbus.signals import history_redacted

log = structlog.get_logger("eventbus.history.redaction_job")
BATCH = 200
#: Seconds between attempts at pending redactions.
LOOK_EVERY = 5.0
#: A type that is unknown so long after an event of it occurred is gone: no deploy takes a day.
UNKNOWN_TYPE_GONE_AFTER = timedelta(days=1)


def request(
    subjects: list[str], matching_text: str, event_types: list[str], cause_id: UUID | None, **_: Any
) -> None:
    """Save a request; receiver of `redaction_requested`."""
    Redaction.objects.create(
        subjects=subjects, matching_text=matching_text, event_types=event_types, cause_id=cause_id
    )


def run() -> None:
    """Attempt each redaction that is due; send `history_redacted` when one has ended.

    By then no reaction waits for its messages any more: they are read, and may leave the file
    that the broker keeps.
    """
    if run_pending():
        history_redacted.send(sender=None)


def run_pending(until: datetime | None = None) -> bool:
    """Attempt each redaction that is due, now or by `until`; return whether one has ended.

    One that fails is logged and attempted again later; it stops no other.
    """
    ended = False
    for redaction in _claim(until or Now()):
        try:
            ended = _process(redaction) or ended
        except Exception:
            log.exception("redaction failed", redaction=redaction.pk)
    return ended


def _claim(until: datetime | Now) -> list[Redaction]:
    """Lock those that are due and set their next attempt: a relay that dies now only delays."""
    due = Redaction.objects.filter(next_attempt_at__lte=until).order_by("next_attempt_at")
    with transaction.atomic():
        redactions = list(due.select_for_update(skip_locked=True)[:BATCH])
        for redaction in redactions:
            redaction.attempts = min(redaction.attempts + 1, 20)
            redaction.next_attempt_at = Now() + resend_delay(redaction.attempts)
            redaction.save(update_fields=["attempts", "next_attempt_at"])
    return redactions


def _process(redaction: Redaction) -> bool:
    while _redact_some(redaction):
        pass
    about = Delivery.objects.filter(event__subject__in=redaction.subjects)
    _redact_errors(about.exclude(state__in=Delivery.UNSETTLED))
    is_troubled = about.filter(state__in=Delivery.UNSETTLED).exclude(error="").exists()
    cause_is_open = _unsettled().filter(event=redaction.cause_id).exists()
    is_over = not is_troubled and not cause_is_open and not _events_to_redact(redaction).exists()
    if is_over:
        redaction.delete()
    return is_over


@transaction.atomic
def _redact_some(redaction: Redaction) -> int:
    """Blank one batch of what no reaction needs any more; return how many events.

    One of an older version is in today's form from then on: which of its fields are personal only
    today's class says. Raises `InvalidEvent` where it cannot be upcast.
    """
    ready = _events_to_redact(redaction).filter(
        _is_read_by_this_code() | _is_of_a_gone_type(), ~_is_needed()
    )
    rows = list(ready[:BATCH])
    for row in rows:
        row.data = redacted_data(row.type, row.version, row.data)
        row.version = registry.version_today(row.type, row.version)
        row.redacted_at = Now()
    OutboxEvent.objects.bulk_update(rows, ["data", "version", "redacted_at"])
    _redact_errors(Delivery.objects.filter(event__in=rows))
    return len(rows)


def _redact_errors(deliveries: QuerySet[Delivery]) -> None:
    """Keep of errors and reasons the kind alone: the rest may quote data or name people.

    Delete the notes on such failures too, unless others still fail alike.
    """
    wrong = deliveries.exclude(error="")
    actions = OperatorAction.objects.filter(delivery_id__in=wrong.values("pk"))
    actions.exclude(reason="").update(reason="")
    alike = Delivery.objects.filter(state__in=Delivery.UNSETTLED, fingerprint=OuterRef("pk"))
    notes = FailureNote.objects.filter(~Exists(alike))
    notes.filter(pk__in=wrong.values("fingerprint")).delete()
    first_line = Func(F("error"), Value("\n"), Value(1), function="split_part")
    kind = Func(first_line, Value(": "), Value(1), function="split_part")
    wrong.update(error=kind)


def _events_to_redact(redaction: Redaction) -> QuerySet[OutboxEvent]:
    """Return the events that the redaction is about and that may hold personal data."""
    not_personal = [event for event in _known_events() if not has_personal_fields(event)]
    meant = Q(subject__in=redaction.subjects) | _matching(redaction)
    events = OutboxEvent.objects.filter(meant, redacted_at=None)
    return events.exclude(_by_version(not_personal, "version"))


def _matching(redaction: Redaction) -> Q:
    found = Q(pk__in=[])
    text = mailbox(redaction.matching_text)
    for type in set(redaction.event_types) & set(registry.event_types()):
        event = registry.event_class(type)
        found |= Q(_HasText(F("data"), Value(text)), type=type, version__lt=event.version)
        for field in personal_fields(event):
            found |= Q(type=type) & Q(Exact(_lower_ascii(field), text))
    return found


def _lower_ascii(field: str) -> Func:
    """Lower a field's ASCII letters; other letters are left as they are."""
    return Lower(Collate(KT(f"data__{field}"), "C"))


class _HasText(Func):
    """Whether any field is this text, but for capitals: in an older version it had any name."""

    template = "exists(select from jsonb_each_text(%(expressions)s))"
    arg_joiner = """) where lower(value collate "C") = ("""
    output_field = BooleanField()


def _is_read_by_this_code() -> Q:
    """Select events this code can read: newer versions may hold personal data it does not know."""
    return _by_version(_known_events(), "version__lte")


def _is_of_a_gone_type() -> Q:
    """Select events of types removed long ago: all their data goes, for nobody knows the fields."""
    return ~Q(type__in=registry.event_types()) & Q(occurred_at__lt=Now() - UNKNOWN_TYPE_GONE_AFTER)


def _is_needed() -> Q:
    """Select events that are not published yet, or that a reaction has yet to run for."""
    return Q(published_at=None) | Q(Exists(_unsettled().filter(event=OuterRef("pk"))))


def _unsettled() -> QuerySet[Delivery]:
    return Delivery.objects.filter(state__in=Delivery.UNSETTLED)


def _known_events() -> list[type[Event]]:
    return [registry.event_class(type) for type in registry.event_types()]


def _by_version(events: list[type[Event]], lookup: str) -> Q:
    """Select what is of one of these events and fits its version by `lookup`."""
    types = defaultdict(list)
    for event in events:
        types[event.version].append(event.type)
    fitting = [Q(("type__in", found), (lookup, version)) for version, found in types.items()]
    return Q(*fitting, _connector=Q.OR) if fitting else Q(pk__in=[])
