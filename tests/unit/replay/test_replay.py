"""Days replayed into the whole shop, in one process."""

import json
from collections import Counter
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from billing.events import PaymentRefunded
from devtools.replay.day import Day
from devtools.replay.options import Options
from devtools.replay.placing import FrontDoor
from devtools.replay.reading import read_rows
from devtools.replay.report import Report
from devtools.replay.stories import Stories
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.testing import emit
from eventbus.testing import settle as react
from orders.models import Order, Return
from tests.unit.replay.conftest import row
from tests.unit.replay.plain_count import count

pytestmark = pytest.mark.django_db

DAY = (
    row("1", "11111", 5, 0, "2.55", "17850.0"),
    row("1", "22222A", 2, 0, "0.85", "17850.0"),
    row("1", "POST", 1, 0, "18.00", "17850.0"),
    row("2", "11111", 10, 1, "2.10", "12583.0", "France"),
    row("3", "33333", 1, 2, "7.95", ""),
    row("3", "22222A", 3, 2, "0.0", ""),
    row("C4", "11111", -6, 3, "2.55", "17850.0"),
    row("5", "11111", 4, 4, "2.55", "17850.0"),
    row("6", "22222A", 6, 5, "0.85", "13047.0", "EIRE"),
    row("C7", "11111", -1, 6, "2.55", ""),
    row("8", "44444", -3, 7, "1.25", ""),
    row("C9", "11111", -10, 8, "2.10", "12583.0", "France"),
    row("10", "33333", 2, 9, "7.95", "13047.0", "Atlantis"),
)


@pytest.fixture(autouse=True)
def whole_shop(time, settings):
    """While the replay sleeps every app reacts, and parcels arrive at once."""
    settings.CARRIER_TRANSIT = timedelta(0)
    time.while_asleep = react


def replay(path, **options) -> dict:
    out = StringIO()
    call_command("replay_orders", path, json=True, stdout=out, **options)
    return json.loads(out.getvalue())


def refusal(path, *options: str) -> str:
    with pytest.raises(CommandError) as caught:
        call_command("replay_orders", path, *options)
    return str(caught.value)


def test_the_report_has_these_figures_and_no_others(file):
    path = file(*DAY)
    found = replay(path)
    assert list(found) == [
        *("invoices", "orders_placed", "lines", "units", "returns_matched", "returns_unmatched"),
        *("skipped_lines", "completed", "cancelled", "refunded", "open", "revenue_placed"),
        *("revenue_billed", "revenue_refunded", "currency", "events", "reactions"),
        *("failed_reactions", "seconds", "orders_per_second"),
        *("placed_to_shipped_p50_ms", "placed_to_shipped_p95_ms"),
    ]
    expected = count(path.read_text())
    del expected["went_back"]
    expected["revenue_placed"] = f"{expected['revenue_placed']:.2f}"
    # Order 2 went back as a whole, and five units of order 1.
    expected |= {"completed": 5, "cancelled": 0, "refunded": 1, "open": 0, "currency": "GBP"}
    expected |= {"revenue_billed": "74.60", "revenue_refunded": "33.75", "failed_reactions": 0}
    assert {key: found[key] for key in expected} == expected
    assert found["events"] == OutboxEvent.objects.count()
    assert found["reactions"] == Delivery.objects.filter(state="done").count()


def test_an_order_under_way_whose_money_went_back_is_open_until_it_ends(file):
    day = Day(read_rows(file(row())))
    stories = Stories()
    with stories.begun_here(), transaction.atomic():
        door = FrontDoor(day, Options(), stories)
        door.take(day.sales[0])
        emit(full_refund(Order.objects.get()))
    report = Report.of(day, stories, seconds=1)
    assert (report.open, report.refunded, report.revenue_refunded) == (1, 0, "15.30")


def full_refund(order: Order) -> PaymentRefunded:
    return PaymentRefunded(
        order_id=order.id,
        refund_id=uuid4(),
        payment_id=uuid4(),
        number=order.number,
        customer_id=order.customer_id,
        email=order.email,
        amount=order.total.amount,
        refunded_total=order.total.amount,
        captured_total=order.total.amount,
        currency="GBP",
        reason="staff",
    )


def test_a_second_replay_reports_its_own_orders_only(file):
    path = file(row())
    replay(path)
    found = replay(path)
    assert (found["orders_placed"], found["completed"], found["revenue_billed"]) == (1, 1, "15.30")
    assert found["events"] < OutboxEvent.objects.count() == 2 * found["events"]


def test_scarce_stock_is_sold_as_long_as_it_lasts(file):
    found = replay(file(row("1"), row("2"), row("3", quantity=2)), stock=8)
    assert (found["completed"], found["cancelled"], found["open"]) == (2, 1, 0)
    assert Order.objects.get(state="cancelled").reference == "2"


def test_where_nothing_is_shipped_there_is_no_time_to_shipping(file):
    found = replay(file(row()), stock=0)
    assert found["placed_to_shipped_p50_ms"] is found["placed_to_shipped_p95_ms"] is None


def test_what_goes_back_of_a_cancelled_order_counts_as_matched_by_the_file(file):
    path = file(row(), row("C1", quantity=-2, minute=1))
    found = replay(path, decline_rate=1, speed=60)
    assert (found["returns_matched"], found["cancelled"], found["open"]) == (2, 1, 0)
    assert not Return.objects.exists()


def test_a_declined_card_cancels_the_order(file):
    found = replay(file(row()), decline_rate=1)
    assert (found["cancelled"], found["revenue_billed"]) == (1, "0.00")


def test_at_a_speed_the_day_takes_its_time(file, time):
    replay(file(row("1"), row("2", minute=9)), speed=60)
    # Nine minutes, sixty times as fast, and a little waiting at the end.
    assert 9 <= time.now < 12


def test_at_full_speed_everything_is_placed_before_anything_is_waited_for(file, time):
    placed_by_then = []
    time.while_asleep = lambda: (placed_by_then.append(Order.objects.count()), react())
    replay(file(row("1"), row("2", minute=9)))
    assert placed_by_then[0] == 2


def test_a_day_without_goods_settles_at_once(file):
    found = replay(file(row(code="POST")))
    assert (found["invoices"], found["orders_placed"], found["events"]) == (1, 0, 0)
    assert (found["orders_per_second"], found["revenue_placed"]) == (0, "0.00")


def test_parcels_still_travelling_are_waited_for(file, time, settings):
    settings.CARRIER_TRANSIT = timedelta(hours=1)
    sleeps = Counter()

    def arrive_in_the_end():
        sleeps["all"] += 1
        if sleeps["all"] == 5:
            settings.CARRIER_TRANSIT = timedelta(0)
        react(scheduled=sleeps["all"] == 5)

    time.while_asleep = arrive_in_the_end
    assert replay(file(row()))["completed"] == 1


def test_a_file_with_one_bad_row_places_nothing(file):
    path = file(*DAY, row("11", quantity="many"))
    assert refusal(path) == f"{path}: line 15, Quantity: is not a whole number such as 6: 'many'"
    assert OutboxEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--stock=-1", "--stock -1: Input should be greater than or equal to 0"),
        ("--stock=few", "--stock few: Input should be a valid integer"),
        ("--decline-rate=1.5", "--decline-rate 1.5: Input should be less than or equal to 1"),
        ("--decline-rate=nan", "--decline-rate nan: Input should be a finite number"),
        ("--seed=x", "--seed x: Input should be a valid integer"),
        ("--speed=0", "--speed 0: Input should be greater than 0"),
        ("--speed=inf", "--speed inf: Input should be a finite number"),
    ],
)
def test_a_bad_option_is_refused_in_one_line_and_places_nothing(file, option, said):
    message = refusal(file(*DAY), option)
    assert message.startswith(said)
    assert "\n" not in message
    assert OutboxEvent.objects.count() == 0


def test_the_table_shows_every_figure_on_a_line(file):
    out = StringIO()
    call_command("replay_orders", file(row(), row(price="0")), stdout=out)
    shown = dict(line.rsplit(maxsplit=1) for line in out.getvalue().splitlines())
    assert shown["orders placed"] == "1"
    assert shown["skipped lines: no price"] == "1"
    assert shown["revenue billed"] == "15.30"


def test_where_nobody_reacts_it_says_so_early_and_gives_up_later(file, time):
    time.while_asleep, time.oversleeping = (lambda: None), 16
    errors = StringIO()
    with pytest.raises(CommandError, match=r"Given up\. Nothing has moved for 12\d s") as caught:
        call_command("replay_orders", file(row()), stderr=errors)
    assert "relay: 1 × orders.OrderPlaced" in str(caught.value)
    assert "Nothing has moved for 16 s" in errors.getvalue()
    assert "make run" in errors.getvalue()


def test_an_app_that_is_off_is_named_with_what_it_should_do(file, time):
    time.while_asleep, time.oversleeping = (lambda: react(but=["billing"])), 16
    message = refusal(file(row("1"), row("2")))
    assert "billing: 2 × authorise_payment" in message
    assert "relay" not in message
