"""The order page: the story as far as it is known, and cancelling."""

from decimal import Decimal

import pytest
from django.test import Client

from eventbus.testing import emitted, given, redeliver
from orders.events import CancellationRefused, CancellationRequested
from shop.storefront.models import OrderStatus, Tracking
from shop.storefront.progress import load
from tests.unit.storefront.facts import DELIVERED, PAID, happened, page_of, step, step_states, text

pytestmark = pytest.mark.django_db


USUAL = ("received", "stock", "payment", "packing", "way", "delivered")


@pytest.mark.parametrize(
    ("names", "looks"),
    [
        ((), "done now now ahead ahead ahead"),
        (("reserved",), "done done now ahead ahead ahead"),
        (("cleared", "authorized"), "done now now ahead ahead ahead"),
        (("reserved", "authorized", "cleared"), "done done now ahead ahead ahead"),
        (("reserved", "authorized", "cleared", "captured"), "done done done now ahead ahead"),
        (PAID, "done done done now ahead ahead"),
        # What must have happened before has, even if word of it is still on its way.
        (("billed",), "done done done now ahead ahead"),
        ((*PAID, "shipped"), "done done done done now ahead"),
        (DELIVERED, "done done done done done done"),
        (("delivered", "shipped", "billed"), "done done done done done done"),
    ],
)
def test_usual_way_step_by_step(order, facts, names, looks):
    happened(facts, *names)
    assert step_states(order) == dict(zip(USUAL, looks.split(), strict=True))


def test_page_renews_itself_until_the_order_has_ended(client, order, facts):
    assert "live.js" in text(client, order)
    assert 'http-equiv="refresh"' in text(client, order)
    assert f'data-events="{page_of(order.pk)}events/"' in text(client, order)
    happened(facts, *DELIVERED)
    for sign in ("live.js", 'http-equiv="refresh"', "data-events"):
        assert sign not in text(client, order)


def test_stream_is_refused_where_it_would_block(client, order):
    """Under WSGI: the page then asks now and then."""
    response = client.get(page_of(order.pk) + "events/")
    assert (response.status_code, response["Retry-After"]) == (503, "30")


def test_flagged_order_says_that_somebody_looks_at_it(client, order, facts):
    happened(facts, "flagged")
    assert "A colleague is having a look" in text(client, order)
    assert step_states(order)["check"] == "now"
    happened(facts, "cleared")
    assert step_states(order)["check"] == "done"


def test_tracking_number_of_each_parcel_is_shown(client, order, facts):
    happened(facts, *PAID)
    given(facts.shipped(complete=False), to="shop", times=2)
    assert "TRACK-1" in text(client, order)
    assert "A part of it has left" in text(client, order)
    assert step_states(order)["way"] == "ahead"
    assert Tracking.objects.count() == 1


def test_lack_of_stock_is_told_with_the_money(client, order, facts):
    happened(facts, "authorized", "short")
    assert step_states(order) == {"received": "done", "cancelled": "ended", "money": "now"}
    assert "Not enough in stock: Mug (1 of 2)." in text(client, order)
    assert "is being released" in text(client, order)
    happened(facts, "voided")
    assert "has been released" in text(client, order)
    assert step_states(order)["money"] == "done"


def test_reasons_for_suspicion_are_not_told(client, order, facts):
    happened(facts, "refused")
    page = text(client, order)
    assert "we could not accept this order" in page
    assert "secret rule" not in page


def test_cancelling_by_post_is_asked_and_its_answer_shown(client, order, facts):
    happened(facts, *PAID)
    response = client.post(page_of(order.pk) + "cancel/")
    assert response.url == page_of(order.pk)
    assert [e.reason for e in emitted(CancellationRequested)] == ["customer"]
    assert "The cancellation was asked for." in text(client, order)
    assert step_states(order)["cancelling"] == "now"
    happened(facts, "stopped")
    assert step_states(order)["cancelled"] == "ended"


def test_refund_is_told_as_it_truly_is(client, order, facts):
    happened(facts, *PAID)
    client.post(page_of(order.pk) + "cancel/")
    happened(facts, "stopped")
    assert step(order, "money").text == "€30.40 is on its way back to your card."
    given(facts.refunded("10.00"), to="orders")
    assert step(order, "money").text.startswith("€10.00 of €30.40 has gone back")
    assert load(order.pk).unfinished
    given(facts.refunded("30.40"), to="orders")
    assert step(order, "money").text == "€30.40 has gone back to your card."
    assert not load(order.pk).unfinished


def test_cancelling_that_came_too_late_is_answered(client, order, facts):
    happened(facts, *PAID)
    client.post(page_of(order.pk) + "cancel/")
    happened(facts, "shipped")
    redeliver(emitted(CancellationRefused)[0], to="shop")
    page = text(client, order)
    assert "the parcel had already left" in page
    assert "Cancel this order" not in page


def test_page_goes_on_until_the_answer_to_a_request_to_cancel_is_there(client, order, facts):
    happened(facts, *PAID)
    client.post(page_of(order.pk) + "cancel/")
    happened(facts, "shipped", "delivered")
    assert load(order.pk).order.ended_at
    assert load(order.pk).unfinished
    redeliver(emitted(CancellationRefused)[0], to="shop")
    assert not load(order.pk).unfinished


@pytest.mark.parametrize(
    ("names", "answer"),
    [
        ((*PAID, "shipped"), "the parcel has left"),
        (("short",), "cancelled already"),
        (None, "We are finding out already"),
    ],
)
def test_wish_to_cancel_that_cannot_be_fulfilled_says_why(client, order, facts, names, answer):
    address = page_of(order.pk) + "cancel/"
    if names is None:
        client.post(address)
    else:
        happened(facts, *names)
    asked = len(emitted(CancellationRequested))
    assert answer in client.post(address, follow=True).content.decode()
    assert len(emitted(CancellationRequested)) == asked


def test_cancelling_needs_post_a_token_and_an_order(client, order, elsewhere):
    address = page_of(order.pk) + "cancel/"
    assert client.get(address).status_code == 405
    assert client.post(page_of(elsewhere) + "cancel/").status_code == 404
    assert Client(enforce_csrf_checks=True).post(address).status_code == 403


def test_facts_of_the_status_come_in_any_order_and_twice(order, facts):
    refused = CancellationRefused(order_id=order.pk, reason="customer", **facts.who)
    given(facts.voided(), refused, facts.challenged(), to="shop", times=2)
    status = OrderStatus.objects.get()
    assert status.voided_at
    assert status.challenged_at
    assert status.cancellation_refused_at


def test_unknown_order_is_not_found_on_any_of_its_pages(client, elsewhere):
    for page in ("", "challenge/", "pay/", "return/"):
        assert client.get(page_of(elsewhere) + page).status_code == 404


def test_order_page_is_for_whoever_has_its_address_only(client, order):
    page = client.get(page_of(order.pk))
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"
    assert page["X-Robots-Tag"] == "noindex"
    assert 'content="noindex"' in page.content.decode()


def test_story_holds_nothing_of_its_readers_own(admin_client, client, order):
    """It is rendered once for all who watch."""
    pages = [c.get(page_of(order.pk)).context["fragment"] for c in (admin_client, client)]
    assert pages[0] == pages[1]
    assert "csrf" not in pages[0].html


def test_price_is_shown_in_its_parts(client, order):
    order.discount, order.promotion = Decimal("3.00"), "SPRING"
    order.tax, order.taxes = Decimal("5.05"), [{"rate": "20.00", "net": "25.35", "amount": "5.05"}]
    order.points, order.points_value = 100, Decimal("1.00")
    order.save()
    page = text(client, order)
    for part in ("Discount SPRING", "-€3.00", "included: tax 20 %", "€5.05", "100 points"):
        assert part in page
    order.tax_included = False
    order.save()
    assert "included: tax" not in text(client, order)
    assert "Tax 20 %" in text(client, order)


def test_staff_find_the_order_in_the_admin(admin_client, order):
    assert f"/admin/orders/order/{order.pk}/change/" in text(admin_client, order)


@pytest.mark.parametrize("public", [True, False])
def test_mails_are_linked_where_they_can_be_read(client, order, settings, public):
    settings.MAILS_PAGE_PUBLIC = public
    assert (f"/mails/?q={order.number}" in text(client, order)) == public
