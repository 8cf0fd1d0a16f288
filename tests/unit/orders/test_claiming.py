"""Guest orders of a confirmed address become the customer's."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from eventbus.testing import emitted
from orders.events import OrdersClaimed
from orders.services import claim_orders, orders_of, place_order
from tests.builders import order_details

pytestmark = pytest.mark.django_db


def test_guest_orders_of_the_address_become_the_customers():
    mine = [place_order(order_details(email="Ada@Example.com")).id for _ in range(2)]
    assert claim_orders("ada@example.com", "7") == mine
    assert {order.id for order in orders_of("7")} == set(mine)
    assert [event.order_ids for event in emitted(OrdersClaimed)] == [tuple(mine)]


def test_orders_of_others_stay_theirs():
    place_order(order_details(email="bob@example.com"))
    place_order(order_details(email="ada@example.com", customer_id="8"))
    place_order(order_details(email=""))
    assert claim_orders("ada@example.com", "7") == claim_orders("", "7") == []
    assert not emitted(OrdersClaimed)


def test_claiming_twice_claims_once():
    place_order(order_details())
    claim_orders("ada@example.com", "7")
    assert claim_orders("ada@example.com", "7") == []
    assert len(emitted(OrdersClaimed)) == 1


@pytest.mark.django_db(transaction=True)
def test_claims_at_the_same_moment_claim_each_order_once():
    place_order(order_details())
    start = Barrier(2, timeout=10)

    def claim(customer_id):
        start.wait()
        claim_orders("ada@example.com", customer_id)
        connection.close()

    threads = [Thread(target=claim, args=[customer]) for customer in ("7", "8")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(emitted(OrdersClaimed)) == 1
