"""What comes together is kept, and mailed, as if it came one by one."""

from datetime import timedelta
from math import inf
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from eventbus.delivery.batch import handle_together
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.testing import emitted, given, given_together
from notifications.events import SendBackInStockAlert
from notifications.models import (
    Allowance,
    AvailableStock,
    BackInStockAlert,
    Mail,
    Recipient,
    WatchedCart,
)
from orders.events import OrderPlaced
from shop.events import CartUpdated, ProfileChanged
from tests.both_ways import assert_same_rows
from tests.unit.notifications import facts
from tests.workers import messages

pytestmark = pytest.mark.django_db

BOB, EVE = "bob@example.com", "eve@example.com"


def cart(number: int, email: str | None = facts.ADA, language: str = "en") -> CartUpdated:
    about = facts.cart(UUID(int=number), number, email=email)
    return about.model_copy(update={"language": language})


def profile(email: str, language: str) -> ProfileChanged:
    return ProfileChanged(customer_id="c-9", email=email, name="Ada", language=language)


def test_a_batch_keeps_the_same_languages_as_one_by_one():
    now = timezone.now()
    given(facts.erased(email=EVE, carts=(UUID(int=7),)), to="notifications")
    Recipient.objects.create(email=BOB, language="fr", since=now + timedelta(minutes=5))
    timeline = [
        (cart(1, language="de"), 1),
        (cart(2, "ADA@Example.com", "en"), 3),
        (profile(facts.ADA, "fr"), 2),
        (profile(facts.ADA, "it"), 3),
        (profile(BOB, "de"), 4),
        (profile(EVE, "de"), -60),
        (cart(3, "no address", "de"), 1),
        (cart(4, None), 1),
        (cart(7, "late@example.com"), 1),
        (profile("new@example.com", "en"), 9),
        (profile(BOB, "en"), 6),
    ]
    events = [(event, now + timedelta(minutes=minutes)) for event, minutes in timeline]
    assert_same_rows("notifications", events, [Recipient, WatchedCart])


def test_statements_for_languages_do_not_grow_with_the_batch():
    def statements(size: int) -> int:
        arrived = messages(*(profile(f"{n}@example.com", "en") for n in range(size)))
        with CaptureQueriesContext(connection) as queries:
            handle_together("notifications", arrived, inf)
        return len(queries)

    assert statements(20) == statements(2)


def placed(email: str, cart_id: UUID | None = None) -> OrderPlaced:
    return facts.placed(email, cart_id).model_copy(update={"order_id": uuid4()})


def of_nobody_s_language(email: str):
    return facts.refused().model_copy(update={"order_id": uuid4(), "email": email})


def test_a_batch_writes_the_same_mails_as_one_by_one(monkeypatch):
    now, about_a_forgotten_order = timezone.now(), uuid4()
    monkeypatch.setattr("notifications.models.mail.timezone", SimpleNamespace(now=lambda: now))
    given(facts.erased(about_a_forgotten_order, email=EVE), to="notifications")
    Recipient.objects.create(email=BOB, language="de", since=now)
    Allowance.take([("order_placed", BOB)] * 29)
    told = [
        placed(BOB),
        placed(facts.ADA, UUID(int=1)),
        placed("Ada+x@example.com"),
        placed("", UUID(int=2)),
        of_nobody_s_language(BOB),
        of_nobody_s_language(facts.ADA),
        facts.billed().model_copy(update={"email": BOB}),
        facts.billed().model_copy(update={"order_id": about_a_forgotten_order}),
        facts.delivered(complete=False),
        facts.disputed().model_copy(update={"order_id": about_a_forgotten_order}),
        facts.account_mail("no_account"),
        facts.account_mail("no_account"),
        placed("no address"),
    ]
    assert_same_rows(
        "notifications", [(event, now) for event in told], [Mail, Allowance, WatchedCart]
    )


def test_a_batch_keeps_the_same_stock_as_one_by_one():
    now = timezone.now()
    told = [facts.stocked(4, 2), facts.stocked(0, 3), facts.stocked(9, 1)]
    assert_same_rows("notifications", [(event, now) for event in told], [AvailableStock])


def test_alert_of_a_batch_is_due_because_of_the_stock_of_its_variant():
    given(facts.wanted(), to="notifications")
    other = facts.stocked(3).model_copy(
        update={"levels": (facts.stocked(3).levels[0].model_copy(update={"sku": "MUG"}),)}
    )
    lamp = facts.stocked(5)
    given_together(lamp, other, to="notifications")
    [due] = emitted(SendBackInStockAlert)
    assert due.alert_id == BackInStockAlert.objects.get().id
    assert OutboxEvent.objects.get(id=due.id).causation_id == lamp.id


def test_statements_for_mails_do_not_grow_with_the_batch():
    def statements(size: int) -> int:
        arrived = messages(*(placed(f"{n}.{size}@example.com") for n in range(size)))
        with CaptureQueriesContext(connection) as queries:
            handle_together("notifications", arrived, inf)
        return len(queries)

    assert statements(20) == statements(2)
    assert len(outbox.outbox) == 22


def test_mail_that_cannot_be_sent_costs_only_itself(monkeypatch):
    def deliver(mail: Mail) -> str:
        if mail.recipient == EVE:
            raise OSError("no mail server")
        return "550 no such user" if mail.recipient == BOB else ""

    monkeypatch.setattr("notifications.sending.deliver", deliver)
    handle_together("notifications", messages(*map(placed, (facts.ADA, EVE, BOB))), inf)
    states = {mail.recipient: (mail.state, mail.error) for mail in Mail.objects.all()}
    assert states == {
        facts.ADA: ("sent", ""),
        EVE: ("sending", ""),
        BOB: ("failed", "550 no such user"),
    }
    failed = Delivery.objects.get(state="failed")
    assert "no mail server" in failed.error
