"""In no mail stands a text that is not translated."""

import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args
from uuid import uuid4

import pytest
from django.utils import timezone

import notifications
from billing.decline_reasons import REASONS
from eventbus import Event
from eventbus.testing import given
from notifications.models import Mail
from notifications.models.mail import IN_THE_MAIL_ALONE
from notifications.texts import ACCOUNT
from orders.events import OrderCancelled, OrderReduced
from tests.unit.i18n.marking import mark, unmarked
from tests.unit.notifications import facts

pytestmark = pytest.mark.django_db

#: What events tell of the world outside: data, no texts of ours.
PLACE = {"name", "line1", "city", "postcode", "country"}
DATA = {
    "title",
    "sku",
    "dispute",
    "message",
    "rule",
    "carrier",
    "tracking_number",
    "reasons",
    *PLACE,
}
PRICED = {"discount": Decimal(3), "tax": Decimal(2), "points": 100, "points_value": Decimal(1)}


def in_marks(event: Event) -> Event:
    """The same fact, its data marked."""
    return type(event).model_validate(_marked(event.model_dump()))


def _marked(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _marked(each, name) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_marked(each, key) for each in value]
    return mark(value) if key in DATA and isinstance(value, str) else value


MAILS: dict[str, Iterable[Event]] = {
    "welcome": [facts.registered()],
    "order_placed": [
        facts.placed(),
        facts.placed().model_copy(update=PRICED),
        facts.placed().model_copy(update={**PRICED, "tax_included": False}),
    ],
    "payment_challenged": [facts.challenged()],
    "payment_failed": [
        facts.refused(within=None),
        *(facts.refused().model_copy(update={"reason": why}) for why in set(REASONS.values())),
    ],
    "order_confirmed": [facts.billed()],
    "order_shipped": [
        facts.shipped().model_copy(update={"expected_at": timezone.now()}),
        facts.shipped(complete=False),
    ],
    "order_delivered": [facts.delivered()],
    "order_cancelled": [
        facts.cancelled(reason)
        for reason in get_args(OrderCancelled.model_fields["reason"].annotation)
    ],
    "order_reduced": [
        facts.reduced(reason) for reason in get_args(OrderReduced.model_fields["reason"].annotation)
    ],
    "cancellation_refused": [facts.cancellation_refused()],
    "payment_refunded": [facts.refunded()],
    "return_requested": [facts.return_requested()],
    "return_approved": [facts.return_approved()],
    "return_refused": [facts.return_refused().model_copy(update={"reason": mark("Used.")})],
    "return_received": [facts.returned(), facts.returned().model_copy(update={"points": 5})],
    "stock_low": [facts.stock_low()],
    "dispute_opened": [
        facts.disputed(withheld).model_copy(update={"reason": mark("fraudulent")})
        for withheld in (True, False)
    ],
    "dispute_lost": [facts.dispute_closed()],
    "refund_failed": [facts.refund_failed()],
    "order_flagged": [facts.flagged()],
    "alert": [facts.alert()],
    "alert_over": [facts.alert_over()],
    "webhook_disabled": [facts.webhook_disabled(gone) for gone in (True, False)],
    **{kind: [facts.account_mail(kind)] for kind in ACCOUNT},
    "back_in_stock": [facts.wanted(), facts.stocked(5)],
    "cart_abandoned": [facts.cart(uuid4(), 1)],
}


@pytest.fixture(autouse=True)
def _shop_s_name(settings):
    settings.DEFAULT_FROM_EMAIL = f"{mark('Teapots')} <shop@shop.example>"


def test_every_kind_of_mail_is_read_here():
    folder = Path(notifications.__file__).parent / "templates/notifications/mail"
    kinds = {file.stem for file in folder.iterdir() if not file.stem.startswith("_")}
    assert kinds - {"base"} == set(MAILS)


@pytest.mark.parametrize("kind", MAILS)
def test_mail(kind):
    given(*map(in_marks, MAILS[kind]), to="notifications")
    facts.time_passes()
    for mail in _mails(kind):
        assert unmarked(mail.subject) == []
        assert unmarked(mail.html) == []
        assert unmarked(_without_addresses(mail.text)) == []


@pytest.mark.parametrize("kind", ["order_confirmed", "confirm_address", "cart_abandoned"])
def test_pages_of_a_mail(reads, settings, kind):
    settings.MAILS_PAGE_PUBLIC = True
    given(*map(in_marks, MAILS[kind]), to="notifications")
    facts.time_passes()
    reads("/mails/")
    for mail in _mails(kind):
        reads(mail.get_absolute_url())
        mail.recipient = ""
        mail.save()
        reads(mail.get_absolute_url())


def test_list_of_mails_without_any(reads, settings):
    settings.MAILS_PAGE_PUBLIC = True
    reads("/mails/")
    reads("/mails/?q=nobody")


def test_way_out_of_reminders(reads):
    given(*map(in_marks, MAILS["cart_abandoned"]), to="notifications")
    facts.time_passes()
    [link] = re.findall(r"(/mails/unsubscribe/\S+)", _mails("cart_abandoned")[0].text)
    reads(link)
    reads(link, {})


def _mails(kind: str) -> list[Mail]:
    mails = list(Mail.objects.filter(kind=kind))
    assert mails
    return mails


def _without_addresses(text: str) -> str:
    """The text of a mail without its links, and without what stands for one that is not kept."""
    return re.sub(r"https?://\S+", "", text).replace(IN_THE_MAIL_ALONE, "")
