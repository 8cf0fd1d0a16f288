"""The same order sent several times at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from orders.models import Order
from tests.unit.api.asking import Caller
from tests.unit.storefront.conftest import available, listed

COPIES = 4


@pytest.fixture
def caller(transactional_db):
    listed("MUG")
    available("MUG", 20)
    return Caller()


def at_once(asks) -> list:
    """The answers to these, all asked at the same moment."""
    together = Barrier(len(asks))

    def ask(question):
        together.wait()
        try:
            return question()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(ask, asks))


def test_copies_wait_for_the_first_and_get_its_answer(caller):
    wish = caller.wish(caller.cart(MUG=1))
    answers = at_once([lambda: Caller().post("/orders", wish, "same")] * COPIES)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == Order.objects.count() == 1


def test_a_key_is_its_carts_own_and_another_cart_is_ordered_beside_it(caller):
    wishes = [caller.wish(caller.cart(MUG=1)) for _ in range(2)]
    answers = at_once([lambda w=w: Caller().post("/orders", w, "same") for w in wishes])
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Order.objects.count() == 2


def test_of_two_keys_for_one_cart_one_orders_it(caller):
    wish = caller.wish(caller.cart(MUG=1))
    answers = at_once([lambda k=k: Caller().post("/orders", wish, k) for k in ("one", "two")])
    assert sorted(answer.status_code for answer in answers) in ([201, 404], [201, 409])
    assert Order.objects.count() == 1
