"""When a code applies, and that no limit is ever exceeded."""

import re
import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.formats import date_format

from eventbus.testing import given
from pricing import promotions
from pricing.errors import (
    LimitReached,
    MinimumNotReached,
    PromotionExpired,
    PromotionNotYet,
    PromotionUnknown,
)
from pricing.models import Promotion, Redemption
from pricing.promotions import Shopper, applicable, redeem
from tests.unit.pricing.facts import ADA, amount_off, cancelled, in_days, percent_off, some_order

pytestmark = pytest.mark.django_db

GOODS = Decimal("10.00")


def test_capital_and_small_letters_are_the_same():
    percent_off("Tenth")
    assert applicable(" tENTH ", GOODS).code == "Tenth"


@pytest.mark.parametrize("code", ["NOTHING", "\x00", "'; drop table", "x" * 500])
def test_unknown_code_is_refused(code):
    with pytest.raises(PromotionUnknown):
        applicable(code, GOODS)


def test_code_that_is_switched_off_is_unknown():
    percent_off(active=False)
    with pytest.raises(PromotionUnknown):
        applicable("TENTH", GOODS)


def test_code_before_its_time_is_refused_with_the_day():
    percent_off(starts_at=in_days(2))
    with pytest.raises(PromotionNotYet, match=str(in_days(2).year)):
        applicable("TENTH", GOODS)


def test_code_after_its_time_is_refused_with_the_day():
    percent_off(starts_at=in_days(-9), ends_at=in_days(-2))
    with pytest.raises(PromotionExpired, match=str(in_days(-2).year)):
        applicable("TENTH", GOODS)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Vienna", "America/Los_Angeles"])
def test_code_that_ends_on_a_day_is_valid_through_it_where_the_shop_is(settings, zone):
    settings.TIME_ZONE = zone
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    code = percent_off(starts_at=today, ends_at=today)
    code.full_clean()
    assert applicable("TENTH", GOODS) == code
    Promotion.objects.update(starts_at=in_days(-9), ends_at=today - timedelta(days=1))
    yesterday = date_format(today - timedelta(days=1), "DATE_FORMAT")
    with pytest.raises(PromotionExpired, match=f"until {yesterday}\\.$"):
        applicable("TENTH", GOODS)


def test_code_that_ended_in_the_middle_of_a_day_is_refused_with_the_time():
    """To name the day alone would be wrong while it lasts."""
    ended = timezone.now().replace(minute=0, second=30) - timedelta(hours=1)
    percent_off(starts_at=in_days(-9), ends_at=ended)
    message = date_format(ended, "DATETIME_FORMAT")
    with pytest.raises(PromotionExpired, match=re.escape(f"until {message} UTC.")):
        applicable("TENTH", GOODS)


@pytest.mark.parametrize("typed", ["ＴＥＮＴＨ", " tenth "])
def test_a_code_is_known_however_wide_or_large_it_is_typed(typed):
    percent_off()
    assert applicable(typed, GOODS).code == "TENTH"


def test_too_few_goods_are_refused_with_what_is_missing():
    amount_off(minimum_goods=30)
    assert applicable("FIVE", Decimal("30.00"))
    with pytest.raises(MinimumNotReached, match=r"€30\.00 or more: €0\.01"):
        applicable("FIVE", Decimal("29.99"))


def test_total_limit_holds():
    percent_off(limit=1)
    redeem("TENTH", some_order(), ADA)
    for attempt in (lambda: applicable("TENTH", GOODS), lambda: redeem("tenth", some_order(), ADA)):
        with pytest.raises(LimitReached):
            attempt()


@pytest.mark.parametrize(
    ("again", "message"),
    [
        (Shopper("user-1", "other@example.com"), "You have used"),
        (Shopper("", "ADA@example.com"), "as often as it can be"),
        (Shopper("user-2", "ADA@example.com"), "as often as it can be"),
    ],
    ids=["same account", "same address", "same address, typed by another"],
)
def test_limit_per_customer_knows_them_by_account_and_by_address(again, message):
    """Of an address, which anybody types, it is not told that its owner used the code."""
    percent_off(limit_per_customer=1)
    redeem("TENTH", some_order(), Shopper("user-1", "Ada@Example.com"))
    with pytest.raises(LimitReached, match=message):
        applicable("TENTH", GOODS, again)
    assert applicable("TENTH", GOODS, Shopper("user-2", "bob@example.com"))
    assert applicable("TENTH", GOODS)


def test_cancelled_order_releases_its_promotion_once():
    percent_off(limit=1)
    order_id = some_order()
    redeem("TENTH", order_id, ADA)
    given(cancelled(order_id), to="pricing")
    released = Redemption.objects.get().released_at
    assert applicable("TENTH", GOODS)
    given(cancelled(order_id), to="pricing")
    assert Redemption.objects.get().released_at == released


def test_cancelled_order_without_a_promotion_releases_nothing():
    percent_off(limit=1)
    redeem("TENTH", some_order(), ADA)
    given(cancelled(some_order()), to="pricing")
    assert Redemption.objects.get().released_at is None


def test_who_is_forgotten_leaves_the_count():
    percent_off(limit=1)
    redeem("TENTH", some_order(), ADA)
    promotions.forget("user-1", "ada@example.com")
    assert (Redemption.objects.get().customer_id, Redemption.objects.get().email) == ("", "")
    with pytest.raises(LimitReached):
        applicable("TENTH", GOODS)


@pytest.mark.django_db(transaction=True)
def test_orders_at_the_same_moment_do_not_exceed_the_limit():
    percent_off(limit=2)
    start, outcomes = threading.Barrier(5, timeout=10), []

    def order(number: int):
        start.wait()
        try:
            with transaction.atomic():
                redeem("TENTH", some_order(), Shopper("", f"{number}@example.com"))
            outcomes.append("redeemed")
        except LimitReached:
            outcomes.append("refused")
        connection.close()

    threads = [threading.Thread(target=order, args=[number]) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["redeemed"] * 2 + ["refused"] * 3
    assert Redemption.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "percentage", "value": 101},
        {"kind": "percentage", "value": 0},
        {"kind": "fixed", "value": 0},
        {"kind": "free_shipping", "value": 5},
        {"kind": "fixed", "value": 5, "minimum_goods": -1},
        {"kind": "fixed", "value": 5, "starts_at": in_days(2), "ends_at": in_days(1)},
        {"kind": "fixed", "value": 5, "code": "TENTH"},
    ],
)
def test_promotion_that_makes_no_sense_is_refused(wrong):
    percent_off("Tenth")
    with pytest.raises(ValidationError):
        Promotion(**{"code": "NEW", **wrong}).full_clean()


@pytest.mark.parametrize("limit", ["limit", "limit_per_customer"])
def test_limit_below_what_was_used_already_is_refused_by_name(limit):
    promotion = percent_off()
    for _ in range(2):
        redeem("TENTH", some_order(), ADA)
    setattr(promotion, limit, 2)
    promotion.full_clean()
    setattr(promotion, limit, 1)
    with pytest.raises(ValidationError, match="used 2 times") as refused:
        promotion.full_clean()
    assert list(refused.value.error_dict) == [limit]
