"""Blanking what history tells of people, once nobody needs it any more."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Collate, Lower, Now
from django.db.models.lookups import Exact

from eventbus import registry
from eventbus.delivery.models import Delivery, OperatorAction, OutboxEvent
from eventbus.delivery.relay import resend_delay
from eventbus.history.models import Redaction
from eventbus.mailboxes import mailbox
from eventbus.operations.models import FailureNote
from eventbus.personal import has_personal_fields, personal_fields, redacted_data
from eventbus.signals import history_redacted

log = structlog.get_logger("eventbus.history.redaction_job")
BATCH = 200
#: Seconds between looks for history that is to be blanked.
LOOK_EVERY = 5.0
#: A type that is unknown so long after an event of it was stated is gone: no deploy takes a day.
GONE_AFTER = timedelta(days=1)


def request(
    subjects: list[str], naming: str, among: list[str], cause_id: UUID | None, **_: Any
) -> None:
    """Receiver of `redaction_requested`: keep what is to be blanked."""
    Redaction.objects.create(subjects=subjects, naming=naming, among=among, cause_id=cause_id)


def run() -> None:
    """Look once after each redaction that is due; say when one has ended.

    By then no reaction waits for its messages any more: they are read, and may leave the file
    that the broker keeps.
    """
    if carry_out():
        history_redacted.send(sender=None)


def carry_out(until: datetime | None = None) -> bool:
    """Look once after each redaction that is due, now or by `until`; whether one has ended.

    One that fails is told of and looked after again later; it stops no other.
    """
    ended = False
    for wish in _claim(until or Now()):
        try:
            ended = _look_after(wish) or ended
        except Exception:
            log.exception("redaction failed", redaction=wish.pk)
    return ended


def _claim(until: datetime | Now) -> list[Redaction]:
    """Set the next time before looking: a relay that dies here delays, never loses."""
    due = Redaction.objects.filter(next_look_at__lte=until).order_by("next_look_at")
    with transaction.atomic():
        wishes = list(due.select_for_update(skip_locked=True)[:BATCH])
        for wish in wishes:
            wish.looks = min(wish.looks + 1, 20)
            wish.next_look_at = Now() + resend_delay(wish.looks)
            wish.save(update_fields=["looks", "next_look_at"])
    return wishes


def _look_after(wish: Redaction) -> bool:
    while _redact_some(wish):
        pass
    about = Delivery.objects.filter(event__subject__in=wish.subjects)
    _forget_errors(about.exclude(state__in=Delivery.UNSETTLED))
    is_troubled = about.filter(state__in=Delivery.UNSETTLED).exclude(error="").exists()
    cause_is_open = _unsettled().filter(event=wish.cause_id).exists()
    is_over = not is_troubled and not cause_is_open and not _telling(wish).exists()
    if is_over:
        wish.delete()
    return is_over


@transaction.atomic
def _redact_some(wish: Redaction) -> int:
    """Blank one batch of what no reaction needs any more; returns how many events."""
    told = _telling(wish).filter(_is_read_by_this_code() | _is_of_a_gone_type(), ~_is_needed())
    rows = list(told[:BATCH])
    for row in rows:
        row.data = redacted_data(row.type, row.data)
        row.redacted_at = Now()
    OutboxEvent.objects.bulk_update(rows, ["data", "redacted_at"])
    _forget_errors(Delivery.objects.filter(event__in=rows))
    return len(rows)


def _forget_errors(deliveries: QuerySet[Delivery]) -> None:
    """An error may quote what went wrong, and who gave it up may name people: the kind stays.

    So may what was noted about those that failed alike, unless others still do.
    """
    wrong = deliveries.exclude(error="")
    told = OperatorAction.objects.filter(delivery_id__in=wrong.values("pk"))
    told.exclude(reason="").update(reason="")
    alike = Delivery.objects.filter(state__in=Delivery.UNSETTLED, fingerprint=OuterRef("pk"))
    notes = FailureNote.objects.filter(~Exists(alike))
    notes.filter(pk__in=wrong.values("fingerprint")).delete()
    first_line = Func(F("error"), Value("\n"), Value(1), function="split_part")
    kind = Func(first_line, Value(": "), Value(1), function="split_part")
    wrong.update(error=kind)


def _telling(wish: Redaction) -> QuerySet[OutboxEvent]:
    """The events meant that may still tell of a person."""
    telling_nothing = [type for type in registry.event_types() if not _tells(type)]
    meant = Q(subject__in=wish.subjects) | _naming(wish)
    return OutboxEvent.objects.filter(meant, redacted_at=None).exclude(type__in=telling_nothing)


def _naming(wish: Redaction) -> Q:
    found = Q(pk__in=[])
    for type in set(wish.among) & set(registry.event_types()):
        for field in personal_fields(registry.event_class(type)):
            found |= Q(type=type) & Q(Exact(_small(field), mailbox(wish.naming)))
    return found


def _small(field: str) -> Func:
    """A text of an event without capitals of ASCII; other letters are left as they are."""
    return Lower(Collate(KT(f"data__{field}"), "C"))


def _is_read_by_this_code() -> Q:
    """Not what newer code stated, which may tell of people in ways unknown here."""
    known = [registry.event_class(type) for type in registry.event_types() if _tells(type)]
    return Q(*[Q(type=each.type, version__lte=each.version) for each in known], _connector=Q.OR)


def _is_of_a_gone_type() -> Q:
    """What no code will ever read: all of it goes, for nobody can say what tells of people."""
    return ~Q(type__in=registry.event_types()) & Q(occurred_at__lt=Now() - GONE_AFTER)


def _is_needed() -> Q:
    """Not published yet, or some reaction has yet to run."""
    return Q(published_at=None) | Q(Exists(_unsettled().filter(event=OuterRef("pk"))))


def _unsettled() -> QuerySet[Delivery]:
    return Delivery.objects.filter(state__in=Delivery.UNSETTLED)


def _tells(type: str) -> bool:
    return has_personal_fields(registry.event_class(type))
