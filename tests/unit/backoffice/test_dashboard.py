"""The dashboard counts what waits for somebody; each figure leads to the list of just that."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from billing.models import Charge
from eventbus.delivery.models import Delivery
from eventbus.testing import settle
from notifications.models import Mail
from orders.models import Order
from shop.backoffice.dashboard import TILES
from tests.scenarios.conftest import buy
from tests.unit.backoffice.conftest import submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_order")]


def counts(client):
    return {tile["title"]: tile["count"] for tile in dashboard(client).context["tiles"]}


def dashboard(client):
    return client.get(reverse("admin:index"))


@pytest.fixture
def busy(admin_client, order, settings):
    """One of everything that may wait for somebody."""
    waits = buy()
    settle(but=["billing", "fraud"])
    Order.objects.filter(pk=waits.pk).update(
        expires_at=timezone.now() - timedelta(hours=2) + settings.ORDER_EXPIRES_AFTER
    )
    submit(admin_client, order, "hold", reason="odd")
    submit(admin_client, order, "refund", amount="1", reason="late")
    Mail.objects.filter(about=str(order.id)).update(state="failed", sent_at=None)
    rows = Delivery.objects.filter(state="done")
    Delivery.objects.filter(pk=rows[0].pk).update(state="parked")
    Delivery.objects.filter(pk=rows[1].pk).update(state="failed")
    settings.LOW_STOCK = 9
    return order


def test_it_counts_what_waits_for_somebody(admin_client, busy):
    found = counts(admin_client)
    assert found["stuck orders"] == found["orders on hold"] == found["pending refunds"] == 1
    assert found["reactions given up"] == found["reactions retried"] == 1
    assert found["low stock"] == 1
    assert found["failed mails"] == Mail.objects.filter(state="failed").count() > 0


def test_each_figure_leads_to_the_list_of_just_these_rows(admin_client, busy):
    for tile in dashboard(admin_client).context["tiles"]:
        shown = admin_client.get(tile["link"])
        assert shown.status_code == 200, tile
        assert shown.context["cl"].result_count == tile["count"], tile


def test_each_chart_leads_to_its_figures(admin_client, order):
    charts = dashboard(admin_client).context["charts"]
    assert [bool(chart.series) for chart in charts] == [True, True, True]
    for chart in charts:
        assert admin_client.get(chart.link).status_code == 200


def test_what_is_drawn_can_be_read_as_a_table(admin_client, order):
    hours = dashboard(admin_client).context["charts"][0]
    assert len(hours.rows) == 24
    assert hours.rows[-1][1] == [1] or hours.rows[-2][1] == [1]


def test_its_number_of_queries_does_not_grow(admin_client, busy, django_assert_max_num_queries):
    with django_assert_max_num_queries(len(TILES) + 9):
        dashboard(admin_client)


def test_each_role_sees_the_figures_it_has_the_lists_of(as_role, order):
    assert "stuck orders" not in counts(as_role("catalogue"))
    assert "low stock" in counts(as_role("catalogue"))
    assert "reactions given up" in counts(as_role("operator"))
    assert "reactions given up" not in counts(as_role("support"))
    assert Charge.objects.exists()
