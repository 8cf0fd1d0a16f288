"""Each event counts once, exactly, in the hour and the day in which it was emitted."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from math import inf
from threading import Thread
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from analytics.figures import bucket
from analytics.models import Cart, Figure, Name, Step
from devtools.waiting import wait_until
from eventbus import Event
from eventbus.delivery.batch import handle_together
from eventbus.delivery.runner import handle
from tests.both_ways import assert_same_rows
from tests.unit.analytics import facts
from tests.unit.analytics.facts import MIDDAY, count
from tests.workers import at_once, messages, side_by_side, somebody_waits

pytestmark = pytest.mark.django_db


class Piped(Event):
    """Somebody whistled: a fact of an app that analytics has never heard of."""

    whistle: UUID


def value(name: Name, dimension: str = "", currency: str = "", granularity: str = "hour"):
    """The figure, all hours or days together."""
    figures = Figure.objects.filter(
        name=name, dimension=dimension, currency=currency, granularity=granularity
    )
    return sum(figures.values_list("value", flat=True))


def reached(step: Step):
    return value(Name.FUNNEL, step)


def test_an_event_of_an_unknown_app_counts_by_its_type():
    count(Piped(whistle=uuid4()))
    assert value(Name.EVENTS, "tests.Piped") == 1
    assert set(Figure.objects.values_list("name", flat=True)) == {"events"}


def test_an_event_counts_in_its_hour_and_in_its_day():
    count(facts.registered(), at=MIDDAY)
    found = Figure.objects.filter(name=Name.REGISTRATIONS).values_list("granularity", "start")
    assert set(found) == {
        ("hour", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("day", datetime(2026, 3, 1, tzinfo=UTC)),
    }


@pytest.mark.parametrize(
    ("at", "hour", "day"),
    [
        ("2026-03-01T00:00:00Z", "2026-03-01T00:00Z", "2026-03-01T00:00Z"),
        ("2026-03-01T23:59:59.999999Z", "2026-03-01T23:00Z", "2026-03-01T00:00Z"),
        ("2026-03-02T00:00:00Z", "2026-03-02T00:00Z", "2026-03-02T00:00Z"),
        ("2026-03-02T01:30:00+02:00", "2026-03-01T23:00Z", "2026-03-01T00:00Z"),
    ],
)
def test_hours_and_days_begin_on_the_dot_in_utc(at, hour, day):
    read = datetime.fromisoformat
    assert bucket("hour", read(at)) == read(hour)
    assert bucket("day", read(at)) == read(day)


def test_copies_of_an_event_count_once():
    count(facts.billed("9.99"), times=3)
    assert value(Name.REVENUE, currency="EUR") == Decimal("9.99")


def test_a_placed_order_counts_with_its_value_units_and_products():
    count(facts.placed([("MUG", 2, "7.50"), ("TEA", 3, "4.10"), ("MUG", 1, "7.00")]))
    assert value(Name.ORDERS) == 1
    assert value(Name.ORDER_VALUE, currency="EUR") == Decimal("34.30")
    assert value(Name.UNITS_ORDERED) == 6
    assert value(Name.PRODUCT_UNITS, "MUG") == 3
    assert value(Name.PRODUCT_VALUE, "MUG", "EUR") == Decimal("22.00")
    assert value(Name.PRODUCT_VALUE, "TEA", "EUR") == Decimal("12.30")


def test_currencies_are_kept_apart():
    count(facts.billed("10.00", "EUR"))
    count(facts.billed("7.00", "GBP"))
    assert value(Name.REVENUE, currency="EUR") == 10
    assert value(Name.REVENUE, currency="GBP") == 7


def test_money_is_exact():
    for _ in range(30):
        count(facts.paid("0.10"))
    count(facts.paid("999999999999.99"))
    assert value(Name.PAYMENTS, currency="EUR") == Decimal("1000000000002.99")


def test_refunds_count_with_their_money():
    count(facts.refunded("4.50"))
    count(facts.refunded("0.25"))
    assert (value(Name.REFUNDS), value(Name.REFUNDED, currency="EUR")) == (2, Decimal("4.75"))


def test_cancelled_orders_count_by_reason():
    for reason in ("fraud", "customer", "fraud"):
        count(facts.cancelled(reason))
    assert (value(Name.CANCELLED, "fraud"), value(Name.CANCELLED, "customer")) == (2, 1)


def test_every_parcel_counts_its_units_but_only_a_whole_order_the_step():
    count(facts.shipped(2, complete=False))
    count(facts.delivered(complete=False))
    assert (value(Name.UNITS_SHIPPED), reached(Step.SHIPPED), reached(Step.DELIVERED)) == (2, 0, 0)
    count(facts.shipped(3, complete=True))
    count(facts.delivered(complete=True))
    assert (value(Name.UNITS_SHIPPED), reached(Step.SHIPPED), reached(Step.DELIVERED)) == (5, 1, 1)


@pytest.mark.parametrize(
    ("fact", "step"),
    [
        (facts.placed([("MUG", 1, "1")]), Step.PLACED),
        (facts.authorized("1"), Step.AUTHORIZED),
        (facts.billed("1"), Step.BILLED),
        (facts.completed(), Step.COMPLETED),
    ],
)
def test_the_funnel_counts_the_steps_of_an_order(fact, step):
    count(fact)
    assert reached(step) == 1


@settings(max_examples=12, deadline=None)
@for_all(st.permutations([0, 1, 2, 26] * 2))
def test_a_cart_is_begun_once_at_the_time_of_its_first_update(hours):
    """Whichever update is heard of first."""
    with transaction.atomic():
        cart = uuid4()
        for hour in hours:
            count(facts.cart_updated(cart, hour + 2), at=MIDDAY + timedelta(hours=hour))
        count(facts.cart_updated(uuid4(), 1), at=MIDDAY + timedelta(hours=26))
        found = Figure.objects.filter(name=Name.FUNNEL, granularity="day").order_by("start")
        assert list(found.values_list("start__day", "value")) == [(1, 1), (2, 1)]
        assert value(Name.FUNNEL, Step.CART) == 2
        transaction.set_rollback(True)


AMOUNTS = st.decimals("0.01", "9999.99", places=2).map(str)
CURRENCIES = st.sampled_from(["EUR", "GBP"])
LINES = st.lists(
    st.tuples(st.sampled_from(["MUG", "TEA", "POT"]), st.integers(1, 9), AMOUNTS),
    min_size=1,
    max_size=4,
)
FACTS = st.one_of(
    st.builds(facts.placed, LINES, CURRENCIES),
    st.builds(facts.billed, AMOUNTS, CURRENCIES),
    st.builds(facts.refunded, AMOUNTS),
    st.builds(facts.shipped, st.integers(1, 9), st.booleans()),
    st.builds(facts.cancelled, st.sampled_from(["fraud", "staff"])),
)
TIMES = st.datetimes(datetime(2026, 3, 1), datetime(2026, 3, 3), timezones=st.just(UTC))


@settings(max_examples=20, deadline=None)
@for_all(st.lists(st.tuples(FACTS, TIMES, st.integers(1, 2)), max_size=8))
def test_figures_kept_event_by_event_are_those_of_a_recount(history):
    with transaction.atomic():
        for fact, at, times in history:
            count(fact, at=at, times=times)
        assert kept() == recounted((fact, at) for fact, at, _ in history)
        transaction.set_rollback(True)


CARTS = st.builds(facts.cart_updated, st.sampled_from([UUID(int=1), UUID(int=2)]), st.just(1))


@settings(max_examples=10, deadline=None)
@for_all(st.lists(st.tuples(FACTS | CARTS, TIMES), min_size=2, max_size=10))
def test_a_batch_keeps_the_same_figures_and_carts_as_one_by_one(history):
    assert_same_rows("analytics", history, [Figure, Cart])


def test_statements_do_not_grow_with_the_batch():
    def statements(orders: int) -> int:
        events = [facts.placed([("MUG", 1, "1.00")]) for _ in range(orders)]
        events += [facts.cart_updated(uuid4(), 1) for _ in range(orders)]
        arrived = messages(*events)
        with CaptureQueriesContext(connection) as queries:
            handle_together("analytics", arrived, inf)
        return len(queries)

    assert statements(20) == statements(2)


def kept():
    """Every figure's value, by name, day or hour, dimension and currency."""
    form = {"day": "%d", "hour": "%d %H"}
    return {
        (f.name, format(f.start, form[f.granularity]), f.dimension, f.currency): f.value
        for f in Figure.objects.all()
    }


def recounted(history):
    """The same from scratch, from the events' own fields."""
    figures: Counter = Counter()
    for fact, at in history:
        for span in (format(at, "%d"), format(at, "%d %H")):
            figures["events", span, fact.type, ""] += 1
            for (name, dimension, currency), amount in worth(fact).items():
                figures[name, span, dimension, currency] += amount
    return dict(figures)


def worth(fact) -> Counter:
    """Return what the rules say a fact counts for, in the plainest words."""
    match fact:
        case facts.OrderPlaced():
            counts = Counter({("orders", "", ""): 1, ("funnel", "placed", ""): 1})
            for line in fact.lines:
                counts["order_value", "", fact.currency] += line.quantity * line.unit_price
                counts["units_ordered", "", ""] += line.quantity
                counts["product_units", line.sku, ""] += line.quantity
                counts["product_value", line.sku, fact.currency] += line.quantity * line.unit_price
            return counts
        case facts.OrderBilled():
            return Counter(
                {("revenue", "", fact.currency): fact.total, ("funnel", "billed", ""): 1}
            )
        case facts.PaymentRefunded():
            return Counter({("refunds", "", ""): 1, ("refunded", "", fact.currency): fact.amount})
        case facts.OrderShipped():
            counts = Counter({("units_shipped", "", ""): fact.lines[0].quantity})
            if fact.complete:
                counts["funnel", "shipped", ""] += 1
            return counts
        case _:
            return Counter({("cancelled", fact.reason, ""): 1})


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_lose_no_count():
    """Two workers add to the same figures, the products named in opposite orders."""
    lines = [(f"SKU{i}", 1, "1.00") for i in range(15)]
    one, other = ([facts.placed(order) for _ in range(15)] for order in (lines, lines[::-1]))
    side_by_side("analytics", (messages(*one), messages(*other)))
    assert value(Name.PRODUCT_UNITS, "SKU7", granularity="day") == 30


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_the_first_figure_has_locked_no_other():
    """All lock in one order, so that none waits for ever."""
    lines = [("TEA", 1, "1.00"), ("MUG", 1, "1.00")]
    side_by_side("analytics", [messages(facts.placed(lines))])
    [message] = messages(facts.placed(lines))
    worker = Thread(target=at_once, args=[partial(handle, "analytics", [message])])
    figures = Figure.objects.order_by("name", "granularity", "start", "dimension", "currency")
    with transaction.atomic():
        first = figures.select_for_update().first()
        worker.start()
        wait_until(somebody_waits, 120, "the worker waits for the lock")
        others = Figure.objects.exclude(pk=first.pk)
        assert len(others.select_for_update(skip_locked=True)) == others.count()
    worker.join()
    assert value(Name.PRODUCT_UNITS, "TEA", granularity="day") == 2


def test_an_order_of_many_lines_is_counted_in_one_statement(django_assert_max_num_queries):
    lines = [(f"SKU{i}", 1, "1.00") for i in range(400)]
    fact = facts.placed(lines)
    with django_assert_max_num_queries(25):
        count(fact)
    assert value(Name.PRODUCT_UNITS, "SKU399") == 1


def test_staff_can_read_and_search_the_figures(admin_client):
    count(facts.cart_updated(uuid4(), 1))
    for page in ("figure/?q=cart", "cart/?q=1", f"figure/{Figure.objects.first().pk}/change/"):
        assert admin_client.get(f"/admin/analytics/{page}").status_code == 200
