"""A customer is forgotten: nothing tells who they were, and all that was counted still counts."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from shutil import copytree
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction
from django.db.models import QuerySet
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from analytics.models import Figure, Name
from billing.events import PaymentChallenged
from billing.models import Charge, Dispute, Invoice, StripeNotice
from billing.services import tokenize
from eventbus import mailbox, registry
from eventbus.console.alerts.evaluation import evaluate_rules
from eventbus.console.models import Alert
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.delivery.outage_state import OutageState
from eventbus.history.archive import archive
from eventbus.history.models import Redaction
from eventbus.history.partitions import existing_partitions
from eventbus.operations import failure_notes, failures
from eventbus.operations.models import WorkerHeartbeat
from eventbus.personal import personal_fields
from eventbus.testing import emit, resume, settle
from fraud.models import Blocked
from loyalty.models import PointsEntry
from notifications.models import ErasedCustomer, Mail, WatchedCart
from orders.events import Address, Card, OrderDetails, OrderLine
from orders.models import Order
from orders.return_services import request_return
from orders.services import place_order, request_cancellation
from pricing.models import Promotion, Redemption
from shop.accounts import addresses, customer_id, register
from shop.accounts.erasure import erase
from shop.accounts.tokens import make_token
from shop.backoffice.models import BulkRow, BulkRun, OrderComment, StaffAction
from shop.events import (
    AccountMailRequested,
    BackInStockAlertRequested,
    CartLine,
    CartUpdated,
)
from shop.storefront.models import Cart, OrderStatus
from tests.scenarios.conftest import APPROVED, AT_ONCE, DECLINED, broken_rules, buy
from tests.scenarios.searching import Search
from tests.unit.api.asking import SHIP_TO, Caller
from tests.unit.storefront.conftest import available, filled_in, listed, looked_at, put

EMAIL = "Ada.Lovelace@Example.com"
CARD: Card = tokenize(APPROVED, holder=EMAIL)
#: What tells who she was. Capitals make no difference.
TELLING = [EMAIL, "Lovelace", "Byron Street", "Marylebone", CARD.fingerprint, CARD.token, "secret"]
ADDRESS = Address(
    name="Ada Lovelace",
    line1="1 Byron Street",
    line2="Marylebone",
    city="Marylebone",
    postcode="W1",
    country="GB",
)
LINKED = "https://shop.example/confirm/secret/"
EVER = datetime.min.replace(tzinfo=UTC)


def emit_all(*events) -> None:
    with transaction.atomic():
        for event in events:
            emit(event)


def order_of_ada(
    customer: str | None = None, *, card: Card = CARD, promotion: str | None = None
) -> Order:
    return place_order(
        OrderDetails(
            promotion=promotion,
            customer_id=customer,
            email=EMAIL,
            currency="EUR",
            card=card,
            cart_id=uuid4(),
            ship_to=ADDRESS,
            lines=[
                OrderLine(
                    line=1, sku="TEAPOT", title="Teapot", quantity=1, unit_price=Decimal("25.00")
                )
            ],
        )
    )


def cart_of_ada(customer: str = "") -> CartUpdated:
    cart = Cart.objects.create(customer_id=customer, email=mailbox(EMAIL))
    line = CartLine(sku="CUP", title="Cup", quantity=1, unit_price=Decimal("5.50"))
    return CartUpdated(
        cart_id=cart.id,
        revision=1,
        customer_id=customer or None,
        email=EMAIL,
        lines=(line,),
        total=line.unit_price,
        currency="EUR",
    )


def challenged(order: Order) -> PaymentChallenged:
    """Her bank's page, on which whoever has the address can answer in her name."""
    return PaymentChallenged(
        order_id=order.id,
        payment_id=uuid4(),
        number=order.number,
        email=EMAIL,
        amount=order.total.amount,
        currency="EUR",
        url=LINKED,
    )


#: Everything happens at once, and mails are files.
SETTINGS = {
    **AT_ONCE,
    "PAY_AGAIN_WITHIN": timedelta(0),
    "EMAIL_BACKEND": "notifications.filebackend.EmailBackend",
}


@pytest.fixture(autouse=True)
def _settings(settings, tmp_path):
    for name, value in {**SETTINGS, "EMAIL_FILE_PATH": tmp_path / "mails"}.items():
        setattr(settings, name, value)


@pytest.fixture(scope="module")
def shared_ada(_shelves, shared_db, tmp_path_factory) -> tuple[User, Path]:
    """The customer of all tests, and the folder of her mails."""
    mails = tmp_path_factory.mktemp("mails")
    with shared_db(), override_settings(**SETTINGS, EMAIL_FILE_PATH=mails):
        return customer_who_did_all(), mails


@pytest.fixture
def ada(shared_ada, settings) -> User:
    user, mails = shared_ada
    copytree(mails, settings.EMAIL_FILE_PATH)
    return deepcopy(user)


def customer_who_did_all() -> User:
    """A customer who did all there is to do."""
    user = register(EMAIL, "secret-4711", "Ada Lovelace", confirmed=True)
    me = customer_id(user)
    mail = {"email": EMAIL, "kind": "reset_password", "link": LINKED}
    wish = {"sku": "LAMP", "email": EMAIL, "title": "Lamp", "url": "https://shop.example/lamp/"}
    emit_all(AccountMailRequested(**mail), BackInStockAlertRequested(**wish))
    emit_all(cart_of_ada(me), cart_of_ada())
    percent = Promotion.Kind.PERCENTAGE
    promotion = Promotion.objects.create(code="TEN", kind=percent, value=10)
    kept, returned, cancelled = (order_of_ada(me, promotion=code) for code in ("TEN", None, None))
    Redemption.objects.create(promotion=promotion, order_id=kept.id, email=EMAIL.lower())
    request_cancellation(cancelled.id, detail="Mrs Lovelace rang")
    refused = order_of_ada(me, card=tokenize(DECLINED, holder=EMAIL))
    settle()
    request_return(returned.id, {1: 1}, reason="Lovelace has one already")
    settle()
    ended = Order.objects.filter(ended_at__isnull=False)
    assert set(ended) == {kept, returned, cancelled, refused}
    Client().post(reverse("account_login"), {"login": EMAIL, "password": "wrong"})
    Client().post(reverse("account_reset_password"), {"email": EMAIL})
    staff_wrote_of_ada(kept)
    stripe_told_of(kept)
    the_shop_was_in_trouble()
    ada_ordered_by_a_program(me)
    ada_used_other_browsers(user)
    addresses.keep(me, ADDRESS)
    return user


def staff_wrote_of_ada(order: Order) -> None:
    """In every place in which staff write."""
    said = "asked to cancel it: Mrs Lovelace rang"
    OrderComment.objects.create(order_id=order.id, by="sue", text=said)
    StaffAction.objects.create(key=uuid4(), order_id=order.id, by="sue", what=said)
    run = BulkRun.objects.create(id=uuid4(), action="cancel", by="sue", fields={"reason": said})
    BulkRow.objects.create(run=run, order_id=order.id, number="1", state="refused", message=said)
    Order.objects.filter(pk=order.pk).update(hold_reason=said)
    rows = Delivery.objects.filter(app="loyalty", event__subject=str(order.pk))
    rows.update(state=Delivery.State.PARKED, error=f"KeyError: '{EMAIL}'")
    failure_notes.annotate(_fingerprinted(rows), by="sue", note=said)
    failures.discard(rows, by="sue", reason="Mrs Lovelace rang")
    staff = Client()
    boss = get_user_model().objects.create_superuser("sue", "sue@shop.example", "secret-sue")
    staff.force_login(boss)
    file = BytesIO(b"sku,price,note\nTEAPOT,24.00,Mrs Lovelace asked for less\n")
    file.name = "lovelace.csv"
    listed("TEAPOT", "25.00")
    upload = {"import_file": file, "format": "0"}
    assert staff.post("/admin/catalogue/variant/import/", upload).status_code == 200
    staff.post("/admin/fraud/blocked/add/", {"value": EMAIL.lower(), "note": "Mrs Lovelace"})
    assert Blocked.objects.get().note


def stripe_told_of(order: Order) -> None:
    """All that is kept of what the processor tells, and the page of her bank."""
    about = {"charge": Charge.objects.get(pk=order.pk), "amount": Decimal("25.00")}
    StripeNotice.objects.create(
        event_id="evt_1", kind="charge.dispute.created", order_id=order.pk, reference="pi_1"
    )
    Dispute.objects.create(reference="du_1", state="lost", reason="fraudulent", **about)
    emit_all(challenged(order))
    settle()
    assert OrderStatus.objects.get(pk=order.pk).challenge_url == LINKED


def the_shop_was_in_trouble() -> None:
    """A worker that fails at all it tries says why, on pages, in alerts and in their mails."""
    trouble = OutageState()
    trouble.record(f'DataError: invalid input syntax for type uuid: "{EMAIL}"')
    outage, moment = trouble.current(), timezone.now()
    times = dict.fromkeys(["started_at", "seen_at", "handled_at", "failing_since"], moment)
    numbers = dict.fromkeys(["pid", "concurrency", "handled", "memory"], 1)
    WorkerHeartbeat.objects.create(
        app="loyalty", running=[], last_error=outage.error, **times, **numbers
    )
    evaluate_rules()
    settle()
    assert Alert.objects.filter(message__contains="invalid input syntax").exists()
    assert Mail.objects.filter(kind="alert", subject__contains="DataError").exists()


def _fingerprinted(rows: QuerySet[Delivery]) -> str:
    rows.update(fingerprint="0123456789abcdef")
    return "0123456789abcdef"


def ada_ordered_by_a_program(me: str) -> None:
    """One answer of the API is kept, for who sends the same again."""
    available("TEAPOT", 5)
    program = Caller(make_token(me, "Lovelace's program"))
    cart = program.cart(TEAPOT=1)
    ship_to = {**SHIP_TO, "name": "Ada Lovelace", "line1": "1 Byron Street"}
    wish = program.wish(cart, email=EMAIL, ship_to=ship_to)
    assert program.post("/orders", wish, key=f"{EMAIL}-1").status_code == 201
    settle()


def ada_used_other_browsers(user) -> None:
    """A guest's, with the checkout half filled in, and one that is still logged in."""
    guest, logged_in = Client(), Client()
    for browser in (guest, logged_in):
        put(browser, "TEAPOT")
    typed = {"email": EMAIL, "name": "Ada Lovelace", "line1": "1 Byron Street", "remind": "on"}
    looked_at(guest, filled_in(guest, **typed))
    assert guest.session["form_data"]["email"] == EMAIL.lower()
    logged_in.post(reverse("account_login"), {"login": EMAIL, "password": "secret-4711"})
    looked_at(logged_in, filled_in(logged_in, name="Ada Lovelace"))
    assert logged_in.session["_auth_user_id"] == str(user.pk)
    settle()


def found_traces() -> list[str]:
    """Where, in any column of any table or in any file, something tells who she was."""
    search = Search(*TELLING)
    return [*search.database(), *search.files(Path(settings.EMAIL_FILE_PATH))]


def figures() -> dict[str, object]:
    """Return what the shop counts."""
    return {
        "analytics": set(
            Figure.objects.exclude(name=Name.EVENTS).values_list(
                "name", "granularity", "start", "dimension", "currency", "value"
            )
        ),
        "orders": set(Order.objects.values_list("number", "state", "total", "refunded_total")),
        "invoices": set(Invoice.objects.values_list("id", "total", "currency")),
        "points": set(PointsEntry.objects.values_list("order_id", "points")),
        "mails": Mail.objects.count(),
    }


def test_nothing_in_the_database_tells_who_a_forgotten_customer_was(ada):
    assert found_traces(), "the search finds what is there"
    before = figures()
    erase(ada)
    settle()
    assert found_traces() == []
    assert not Redaction.objects.exists()
    assert figures() == before
    assert not broken_rules()


def test_an_archived_month_tells_of_nobody(ada, tmp_path):
    """Not even before: so nobody who is forgotten need be looked for in files."""
    OutboxEvent.objects.filter(published_at=None).update(published_at=timezone.now())
    Delivery.objects.filter(state__in=Delivery.UNSETTLED).update(state="done", error="")
    folder = tmp_path / "archive"
    folder.mkdir()
    events_before = OutboxEvent.objects.count()
    assert archive(existing_partitions()[0], folder).events == events_before
    assert Search(*TELLING).files(folder) == []


def test_whatever_event_has_an_address_marks_it():
    for type in registry.event_types():
        event_class = registry.event_class(type)
        addresses = {"email"} & set(event_class.model_fields)
        assert addresses <= set(personal_fields(event_class)), type


def test_another_customer_is_left_alone(ada):
    other = buy(customer="bob")
    settle()
    erase(ada)
    settle()
    other = Order.objects.get(pk=other.pk)
    assert other.email == "bob@example.com"
    assert other.ship_to["name"] == "Ada"
    assert Mail.objects.filter(recipient=other.email, text__contains=other.number).exists()


def test_history_stays_readable(ada):
    erase(ada)
    settle()
    for row in OutboxEvent.objects.all():
        assert row.envelope.event().id == row.id


def test_forgotten_customer_who_comes_back_is_a_new_one(ada):
    erase(ada)
    settle()
    register(EMAIL, "secret-4712", "Ada", confirmed=True)
    settle()
    assert Mail.objects.get(recipient__iexact=EMAIL).state == Mail.State.SENT


def test_app_that_joins_late_is_fed_the_redacted_past_and_mails_nobody(ada):
    erase(ada)
    settle()
    Delivery.objects.filter(app="notifications").delete()
    for model in (Mail, ErasedCustomer, WatchedCart):
        model.objects.all().delete()
    call_command("backfill", "notifications")
    assert not Mail.objects.exclude(recipient__in=["", settings.STAFF_EMAIL]).exists()
    assert found_traces() == []


@pytest.mark.parametrize(
    "app",
    ["orders", "billing", "shipping", "fraud", "loyalty", "notifications", "pricing", "shop"],
)
def test_app_that_was_off_forgets_when_it_is_back(ada, app):
    """Until then what it needs is kept; what it states and writes meanwhile goes as well."""
    erase(ada)
    settle(but=[app])
    assert Redaction.objects.exists() or app == "shop"
    resume(app)
    settle()
    assert found_traces() == []
    assert not Redaction.objects.exists()
