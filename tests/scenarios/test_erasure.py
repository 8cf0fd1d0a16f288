"""A customer is forgotten: nothing tells who they were, and all that was counted still counts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.core import mail as outbox
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from analytics.models import Figure, Name
from billing.models import Invoice
from billing.services import tokenize
from fraud.models import Blocked
from loyalty.models import PointsEntry
from notifications.models import Forgotten, Mail, WatchedCart
from orders.events import Address, Card, OrderLine
from orders.models import Order
from orders.return_services import request_return
from orders.services import Draft, place_order, request_cancellation
from shop.bus import emit, registry
from shop.bus.backfill import backfill
from shop.bus.models import Delivery, OutboxEvent, Redaction
from shop.bus.personal import personal_fields
from shop.bus.testing import resume, settle
from shop.events import (
    AccountMailRequested,
    BackInStockWanted,
    CartLine,
    CartUpdated,
    CustomerErased,
)
from shop.pricing.models import Promotion, Redemption
from shop.staff.models import OrderComment
from shop.storefront.accounts import customer_id, register
from shop.storefront.accounts.erasing import erase
from shop.storefront.models import Cart
from tests.scenarios.conftest import APPROVED, DECLINED, broken_rules, buy

EMAIL = "Ada.Lovelace@Example.com"
CARD: Card = tokenize(APPROVED, holder=EMAIL)
#: What tells who she was. Capitals make no difference.
TELLING = [EMAIL, "Lovelace", "Byron Street", "Marylebone", CARD.fingerprint, CARD.token, "secret"]
LINKED = "https://shop.example/confirm/secret/"
EVER = datetime.min.replace(tzinfo=UTC)


def state(*events) -> None:
    with transaction.atomic():
        for event in events:
            emit(event)


def order_of_ada(
    customer: str | None = None, *, card: Card = CARD, promotion: str | None = None
) -> Order:
    return place_order(
        Draft(
            promotion=promotion,
            customer_id=customer,
            email=EMAIL,
            currency="EUR",
            card=card,
            cart_id=uuid4(),
            ship_to=Address(
                name="Ada Lovelace",
                line1="1 Byron Street",
                line2="Marylebone",
                city="Marylebone",
                postcode="W1",
                country="GB",
            ),
            lines=[
                OrderLine(
                    line=1, sku="TEAPOT", title="Teapot", quantity=1, unit_price=Decimal("25.00")
                )
            ],
        )
    )


def cart_of_ada(customer: str = "") -> CartUpdated:
    cart = Cart.objects.create(customer_id=customer, email=EMAIL)
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


@pytest.fixture(autouse=True)
def _everything_at_once(settings):
    settings.PACKING_TIME = settings.PAY_AGAIN_WITHIN = timedelta(0)


@pytest.fixture
def ada():
    """A customer who did all there is to do."""
    user = register(EMAIL, "secret-4711", "Ada Lovelace", confirmed=True)
    me = customer_id(user)
    mail = {"email": EMAIL, "kind": "reset_password", "link": LINKED}
    wish = {"sku": "LAMP", "email": EMAIL, "title": "Lamp", "url": "https://shop.example/lamp/"}
    state(AccountMailRequested(**mail), BackInStockWanted(**wish))
    state(cart_of_ada(me), cart_of_ada())
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
    Blocked.objects.create(value=EMAIL.lower())
    OrderComment.objects.create(order_id=kept.id, by="sue", text="Mrs Lovelace rang twice")
    Client().post(reverse("account_login"), {"login": EMAIL, "password": "wrong"})
    return user


def told() -> Iterator[str]:
    """Where, in any column of any table, something tells who she was."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select table_name, column_name from information_schema.columns
            where table_schema = 'public'
            and data_type in ('text', 'character varying', 'json', 'jsonb', 'ARRAY')
            """
        )
        for table, column in cursor.fetchall():
            yield from (f"{word} in {table}.{column}" for word in _found(table, column))


def _found(table: str, column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f'select lower("{column}"::text) from "{table}"')
        text = "\n".join(value or "" for (value,) in cursor.fetchall())
    return [word for word in TELLING if word.lower() in text]


def figures() -> dict[str, object]:
    """What the shop counts."""
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
    assert list(told()), "the search finds what is there"
    before = figures()
    erase(ada)
    settle()
    assert list(told()) == []
    assert not Redaction.objects.exists()
    assert figures() == before
    assert not broken_rules()


@pytest.mark.parametrize("type", registry.event_types())
def test_whatever_event_has_an_address_marks_it(type):
    event_class = registry.event_class(type)
    addresses = {"email"} & set(event_class.model_fields)
    assert addresses <= set(personal_fields(event_class))


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
    outbox.outbox.clear()
    register(EMAIL, "secret-4712", "Ada", confirmed=True)
    settle()
    assert [mail.to for mail in outbox.outbox] == [[EMAIL.lower()]]


def test_app_that_joins_late_is_fed_the_redacted_past_and_mails_nobody(ada):
    erase(ada)
    settle()
    outbox.outbox.clear()
    Delivery.objects.filter(app="notifications").delete()
    for model in (Mail, Forgotten, WatchedCart):
        model.objects.all().delete()
    backfill("notifications", EVER)
    resume("notifications")
    assert outbox.outbox == []
    assert list(told()) == []


@pytest.mark.parametrize(
    "app", ["orders", "billing", "shipping", "fraud", "loyalty", "notifications", "shop"]
)
def test_app_that_was_off_forgets_when_it_is_back(ada, app):
    """Until then what it needs is kept; what it states and writes meanwhile goes as well."""
    erase(ada)
    settle(but=[app])
    assert Redaction.objects.exists() or app == "shop"
    resume(app)
    settle()
    assert list(told()) == []
    assert not Redaction.objects.exists()


@pytest.mark.parametrize("seed", range(12))
def test_whatever_comes_first_nothing_is_left(seed, settings):
    """The wish to be forgotten overtakes, in every app, the orders it is about."""
    settings.ORDER_EXPIRES_AFTER = timedelta(hours=1)
    orders = [order_of_ada("ada-1"), order_of_ada(None)]
    cart = cart_of_ada()
    state(cart)
    for order in orders:
        request_cancellation(order.id, detail="Mrs Lovelace rang")
    Cart.objects.update(email="")
    state(_erased("ada-1", orders, cart.cart_id))
    settle(seed=seed, copies=2)
    assert list(told()) == []
    assert {order.state for order in Order.objects.all()} <= {"cancelled", "refunded", "completed"}
    assert not broken_rules()


def _erased(customer: str, orders: list[Order], cart: UUID) -> CustomerErased:
    carts = (cart, *(order.cart_id for order in orders))
    return CustomerErased(
        customer_id=customer,
        email=EMAIL,
        order_ids=tuple(order.id for order in orders),
        cart_ids=carts,
    )
