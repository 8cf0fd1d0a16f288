"""Times are read where the shop is; what is kept is UTC."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils.translation import override

from notifications.templatetags.mails import day, when
from orders.models import Order
from shop.backoffice.charts import revenue_by_day
from shop.settings import BASE_DIR
from tests.unit.analytics import facts
from tests.unit.analytics.facts import count
from tests.unit.storefront.conftest import placed
from tests.unit.storefront.facts import page_of

pytestmark = pytest.mark.django_db

#: 14 hours ahead of UTC: the next day has begun there for most of a day here.
AHEAD = "Pacific/Kiritimati"
MOMENT = datetime(2026, 3, 31, 12, 30, tzinfo=UTC)
TEMPLATES = sorted(
    path for path in BASE_DIR.glob("[!.]*/**/templates/**/*") if path.suffix in (".html", ".txt")
)


@pytest.fixture(autouse=True)
def _there(settings):
    settings.TIME_ZONE = AHEAD


def test_no_page_and_no_mail_says_a_time_zone_by_itself():
    texts = {path: path.read_text(encoding="utf-8") for path in TEMPLATES}
    assert [path for path, text in texts.items() if re.search(r"\bUTC\b", text)] == []


def test_a_mail_tells_the_time_of_the_shop():
    assert when(MOMENT) == "April 1, 2026, 2:30 a.m. +14"
    assert day(MOMENT) == "April 1, 2026"


def test_a_page_tells_the_time_of_the_shop_in_the_readers_language():
    page = Template("{% load storefront %}{{ moment|when }}{{ none|when }}")
    with override("de"):
        assert page.render(Context({"moment": MOMENT, "none": None})) == "1. April 2026 02:30 +14"


def test_an_order_is_placed_when_it_is_by_the_shops_clock(client, admin_client):
    order = placed()
    Order.objects.filter(pk=order.pk).update(placed_at=MOMENT)
    assert "April 1, 2026, 2:30 a.m. +14" in client.get(page_of(order.pk)).content.decode()
    page = admin_client.get(reverse("admin:order", args=[order.pk])).content.decode()
    assert "Placed 1 Apr 2026, 02:30" in page
    assert Order.objects.get(pk=order.pk).placed_at == MOMENT


def test_a_chart_of_days_ends_with_the_shops_today(settings):
    """At any time, the day in one of these is not that of UTC."""
    for zone in (AHEAD, "Etc/GMT+12"):
        settings.TIME_ZONE = zone
        count(facts.billed("10.00", "EUR"), at=datetime.now(UTC))
        today = revenue_by_day("")
        assert today.labels[-1] == f"{datetime.now(ZoneInfo(zone)):%d %b}"
        assert today.series["EUR"][-1] == 10
