"""The sandbox at work: each operation once per key, in a ledger and transactions of its own."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as _

from billing.gateway import (
    Answer,
    Approved,
    Challenge,
    Declined,
    GatewayUnavailable,
    Page,
    Standing,
)
from billing.models.sandbox import SandboxOperation, approved_amount
from billing.sandbox import books
from billing.sandbox.cards import SandboxCard, card_behind

Kind = SandboxOperation.Kind
Rows = Sequence[SandboxOperation]


class KeyReused(Exception):
    """A key came back with other parameters: make keys from what they stand for."""


class UnknownHold(Exception):
    """The sandbox made no hold of this name: pass on the reference it gave."""


class SandboxProcessor:
    """The adapter of `billing.gateway.Processor` that misbehaves as its test cards ask."""

    def authorize(
        self, key: str, *, token: str, amount: Decimal, currency: str, challenge: str = ""
    ) -> Answer:
        return _answer_to(
            SandboxOperation(
                key=key,
                kind=Kind.AUTHORIZE,
                token=token,
                amount=amount,
                currency=currency,
                challenge=challenge,
            )
        )

    def capture(self, key: str, *, authorization: str, amount: Decimal) -> Answer:
        return _answer_to(
            SandboxOperation(key=key, kind=Kind.CAPTURE, authorization=authorization, amount=amount)
        )

    def void(self, key: str, *, authorization: str) -> Answer:
        return _answer_to(SandboxOperation(key=key, kind=Kind.VOID, authorization=authorization))

    def refund(self, key: str, *, authorization: str, amount: Decimal) -> Answer:
        return _answer_to(
            SandboxOperation(key=key, kind=Kind.REFUND, authorization=authorization, amount=amount)
        )

    def find(self, key: str) -> Answer | None:
        operation = SandboxOperation.objects.filter(pk=key).first()
        return operation.answer if operation else None

    def standing(self, *, authorization: str, currency: str) -> Standing:
        return books.standing(authorization)

    def statements(self, since: datetime, after: str = "") -> Page:
        return books.statements(since, after)


def _answer_to(asked: SandboxOperation) -> Answer:
    card, operation, decided_now = _carried_out(asked)
    if decided_now and card.slow and operation.kind == Kind.AUTHORIZE:
        time.sleep(settings.GATEWAY_SLOW.total_seconds())
    if decided_now and card.loses_answer_to == operation.kind:
        raise GatewayUnavailable(f"{asked.key}: no answer came")
    if operation.answer is None:
        raise GatewayUnavailable(f"{asked.key}: the processor is not available")
    return operation.answer


def _carried_out(asked: SandboxOperation) -> tuple[SandboxCard, SandboxOperation, bool]:
    """Return the operation's card, its row, and whether it was decided just now."""
    try:
        with transaction.atomic():
            rows = asked.related()
            operation = next((row for row in rows if row.key == asked.key), asked)
            if not operation.asks_as(asked):
                raise KeyReused(asked.key)
            card = card_behind(_hold(asked, rows).token)
            return card, operation, _decide(operation, card, rows)
    except IntegrityError as error:
        raise GatewayUnavailable(f"{asked.key}: the same is being asked right now") from error


def _hold(asked: SandboxOperation, rows: Rows) -> SandboxOperation:
    for row in (asked, *rows):
        if row.kind == Kind.AUTHORIZE:
            return row
    raise UnknownHold(asked.authorization)


def _decide(operation: SandboxOperation, card: SandboxCard, rows: Rows) -> bool:
    """Decide an open operation unless its card wants an outage; False when it was decided."""
    if operation.answer is not None:
        return False
    if operation.outages < card.outages:
        operation.outages += 1
    else:
        operation.decide(_RULES[operation.kind](operation, card, rows))
    operation.save(force_insert=operation._state.adding)
    return operation.answer is not None


def _authorize(asked: SandboxOperation, card: SandboxCard, rows: Rows) -> Answer:
    if card.challenged and not asked.challenge:
        return Challenge(_reference("chl"))
    return card.declined or Approved(_reference("pay"))


def _capture(asked: SandboxOperation, card: SandboxCard, rows: Rows) -> Answer:
    if any(row.kind == Kind.VOID and row.answer for row in rows):
        return Declined("voided", _("The hold was released before."))
    held = approved_amount(rows, Kind.AUTHORIZE)
    if approved_amount(rows, Kind.CAPTURE) + asked.amount > held:
        return Declined("more_than_held", _("More was asked for than is held."))
    return card.capture_declined or Approved(_reference("cap"))


def _void(asked: SandboxOperation, card: SandboxCard, rows: Rows) -> Answer:
    if approved_amount(rows, Kind.CAPTURE):
        return Declined("captured", _("The money was taken before."))
    return Approved(_reference("void"))


def _refund(asked: SandboxOperation, card: SandboxCard, rows: Rows) -> Answer:
    taken = approved_amount(rows, Kind.CAPTURE)
    if approved_amount(rows, Kind.REFUND) + asked.amount > taken:
        return Declined("more_than_taken", _("More was asked for than was taken."))
    return Approved(_reference("ref"))


_RULES: dict[str, Callable[[SandboxOperation, SandboxCard, Rows], Answer]] = {
    Kind.AUTHORIZE: _authorize,
    Kind.CAPTURE: _capture,
    Kind.VOID: _void,
    Kind.REFUND: _refund,
}


def _reference(prefix: str) -> str:
    return f"{prefix}_{uuid4().hex}"
