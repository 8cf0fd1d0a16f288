"""Who orders during an experiment: how many, with which cards."""

import pytest

from devtools.shop_client import APPROVED
from devtools.tour.shoppers import MOST, REFUSED_CARDS, Shoppers, most_orders, stock_up
from inventory.models import Stock
from inventory.services import receive_stock
from tests.unit.storefront.conftest import listed
from tests.unit.tour.conftest import a_trial


def cards(experiment):
    shoppers = Shoppers(a_trial(experiment, orders=20))
    return [shoppers._card(number) for number in range(20)]


def test_some_cards_are_refused_and_all_where_that_is_the_experiment():
    assert cards("stop").count(APPROVED) == 18
    assert set(cards("decline")) == set(REFUSED_CARDS)


def test_from_one_address_no_more_come_than_may_be_unpaid(settings):
    settings.SHOP_URL, settings.MOST_UNPAID_ORDERS = "http://localhost:8000", 10
    assert most_orders() == 10
    settings.MOST_UNPAID_ORDERS = 0
    assert most_orders() == MOST


@pytest.mark.django_db
def test_what_they_will_buy_is_for_sale_and_taken_in_before():
    """A replayed day leaves stock of goods that this shop does not sell."""
    listed("MUG")
    receive_stock({"MUG": 2, "22144": 500}, "opening")
    assert stock_up(20, reference="tour 1") == ["MUG"]
    assert Stock.objects.get(sku="MUG").on_hand == 22
