"""What an order costs at the checkout: tax, codes and points."""

import threading
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client

from eventbus.testing import emitted
from orders.events import OrderPlaced
from orders.models import Order
from pricing.models import Redemption
from shop import accounts
from shop.storefront.models import Points
from tests.unit.pricing.facts import amount_off, free_shipping, percent_off, zone
from tests.unit.storefront.conftest import filled_in, listed, looked_at, put
from tests.unit.storefront.people import logged_in_with_cart

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def ada(shopper):
    """Has an account with 500 points, each worth a cent."""
    user = logged_in_with_cart(shopper)
    Points.objects.create(customer_id=accounts.customer_id(user), balance=500, revision=1)
    return user


def order(client, **changes) -> OrderPlaced:
    response = client.post("/checkout/", filled_in(client, **changes))
    assert response.status_code == 302, response.context["form"].errors
    return emitted(OrderPlaced)[-1]


def test_included_tax_is_shown_and_frozen_on_the_order(shopper):
    austria = zone("AT", standard="20")
    placed = order(shopper, country="AT")
    austria.rates.update(percent=25)
    assert (placed.total, placed.tax, placed.tax_included) == (D("24.90"), D("4.15"), True)
    assert (placed.lines[0].tax_rate, placed.lines[0].tax) == (D(20), D("3.33"))
    assert [(tax.rate, tax.net, tax.amount) for tax in placed.taxes] == [
        (D(20), D("20.75"), D("4.15"))
    ]
    assert Order.objects.get().tax == D("4.15")


def test_added_tax_is_shown_before_it_is_paid(shopper):
    zone("US", region="CA", included=False, standard="10")
    form = filled_in(shopper, country="US")
    page = looked_at(shopper, form).content.decode()
    assert "Tax 10 %" in page
    assert "Order and pay €27.39" in page
    placed = order(shopper, country="US")
    assert (placed.total, placed.tax, placed.tax_included) == (D("27.39"), D("2.49"), False)


def test_country_without_a_rate_says_that_there_is_no_tax(shopper):
    page = looked_at(shopper, filled_in(shopper, country="BR")).content.decode()
    assert "We charge no tax on deliveries to this country." in page
    assert order(shopper, country="BR").tax == 0


def test_what_is_not_taxable_pays_no_tax(client):
    stamp = listed("STAMP")
    stamp.taxable = False
    stamp.save()
    zone("AT", standard="20")
    put(client, "STAMP")
    assert order(client, country="AT", shipping="pickup").tax == 0


def test_what_is_picked_up_is_taxed_where_the_shop_is(shopper, settings):
    settings.SHOP_COUNTRY = "DE"
    zone("DE", standard="19")
    zone("AT", standard="20")
    assert order(shopper, country="AT", shipping="pickup").taxes[0].rate == D(19)


def test_island_is_taxed_by_its_postcode(shopper):
    zone("ES", standard="21")
    there = {"line1": "Calle 1", "city": "Arrecife", "postcode": "35500", "region": "GC"}
    assert order(shopper, country="ES", **there).tax == 0


def test_code_is_taken_off_and_used_with_the_order(shopper):
    percent_off("WELCOME10", limit_per_customer=1)
    placed = order(shopper, code="welcome10")
    assert (placed.promotion, placed.discount, placed.total) == ("WELCOME10", D("2.00"), D("22.90"))
    assert placed.lines[0].discount == D("2.00")
    assert Redemption.objects.get().order_id == placed.order_id


def test_free_delivery_shows_in_the_total(shopper):
    free_shipping("SHIPFREE")
    placed = order(shopper, code="SHIPFREE")
    assert (placed.shipping_cost, placed.discount, placed.total) == (D("4.90"), D("4.90"), D(20))


def test_refused_code_is_named_at_its_field_and_everything_typed_stays(shopper):
    amount_off("FIVER", minimum_goods=30)
    page = looked_at(shopper, filled_in(shopper, code="FIVER", city="Typed Town"))
    assert "€10.00 are missing" in page.context["form"].errors["code"][0]
    assert page.context["quote"].total == D("24.90")
    for typed in ("Typed Town", "FIVER", "Ada Lovelace"):
        assert f'value="{typed}"' in page.content.decode()


def test_applied_code_can_be_taken_back_without_losing_the_rest(shopper):
    percent_off("WELCOME10")
    form = filled_in(shopper, code="WELCOME10")
    assert looked_at(shopper, form).context["quote"].total == D("22.90")
    page = looked_at(shopper, form, update="remove-code")
    assert page.context["quote"].total == D("24.90")
    assert 'value="Ada Lovelace"' in page.content.decode()
    assert "WELCOME10" not in page.content.decode()


def test_code_used_up_meanwhile_places_nothing_and_says_so(shopper):
    promotion = percent_off("WELCOME10", limit=1)
    form = filled_in(shopper, code="WELCOME10")
    promotion.redemptions.create(order_id="00000000-0000-4000-8000-000000000000")
    page = shopper.post("/checkout/", form)
    assert "used as often" in page.context["form"].errors["code"][0]
    assert "Order and pay €24.90" in page.content.decode()
    assert not Order.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_shoppers_at_the_same_moment_do_not_exceed_a_limit(mug):
    percent_off("WELCOME10", limit=1)
    browsers = [Client(), Client(), Client()]
    for browser in browsers:
        put(browser, "MUG")
    forms = [filled_in(browser, code="WELCOME10") for browser in browsers]
    start, answers = threading.Barrier(3, timeout=10), []

    def submit(browser, form):
        start.wait()
        answers.append(browser.post("/checkout/", form).status_code)
        connection.close()

    pairs = zip(browsers, forms, strict=True)
    threads = [threading.Thread(target=submit, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 422, 422]
    assert Redemption.objects.count() == Order.objects.count() == 1


def test_points_pay_a_part(shopper, ada):
    placed = order(shopper, points="120")
    assert (placed.points, placed.points_value, placed.total) == (120, D("1.20"), D("23.70"))
    assert placed.customer_id == accounts.customer_id(ada)


def test_points_that_pay_everything_need_no_card(shopper, ada):
    Points.objects.update(balance=3000)
    page = looked_at(shopper, filled_in(shopper, points="3000")).content.decode()
    assert "Place the order" in page
    placed = order(shopper, points="3000", test_card="")
    assert (placed.points, placed.total, placed.card) == (2490, 0, None)


def test_more_points_than_one_has_are_refused_by_name(shopper, ada):
    form = filled_in(shopper, points="501")
    assert looked_at(shopper, form).context["form"].errors["points"] == ["You have 500 points."]
    page = shopper.post("/checkout/", form)
    assert page.context["form"].errors["points"] == ["You have 500 points."]
    assert not Order.objects.exists()


def test_processor_with_a_page_of_its_own_asks_for_the_card_there(shopper, settings):
    settings.PAYMENT_GATEWAY = "stripe"
    page = shopper.get("/checkout/").content.decode()
    assert "You pay on the next page" in page
    assert "card_number" not in page
    assert order(shopper, test_card="").card is None
