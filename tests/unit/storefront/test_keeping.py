"""What browsers and carts tell of people goes by itself, and says whose it is till then."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from eventbus.history.models import Redaction
from eventbus.signals import relay_tick
from shop.storefront import cart, session_backend
from shop.storefront.models import Cart, Session
from tests.unit.storefront.conftest import listed

pytestmark = pytest.mark.django_db


def kept(**data) -> Session:
    store = session_backend.SessionStore()
    store.update(data)
    store.save()
    return Session.objects.get(pk=store.session_key)


def tidied() -> None:
    assert not [error for _, error in relay_tick.send_robust(sender=None) if error]


def age(row, **field) -> None:
    type(row).objects.filter(pk=row.pk).update(**field)


@pytest.mark.parametrize(
    ("data", "about"),
    [
        ({"typed": {"email": "Ada@Example.com", "name": "Ada"}}, ["ada@example.com"]),
        ({"anything": [{"said": "A mail was sent to ada@example.com."}]}, ["ada@example.com"]),
        ({"_auth_user_id": "7", "cart": "c"}, ["c", "user-7"]),
        ({"back_in_stock_requests": [1.5]}, []),
    ],
)
def test_a_session_says_whom_it_is_about_wherever_in_it_that_stands(data, about):
    assert kept(**data).about == about


def test_sessions_about_who_is_erased_end_and_no_others(client):
    hers = [kept(typed={"email": "Ada@example.com"}), kept(_auth_user_id="7"), kept(cart="c")]
    other = kept(typed={"email": "grada@example.com"}, _auth_user_id="77")
    nobodys = kept(back_in_stock_requests=[1.5])
    session_backend.forget(["user-7", "ADA@example.com", "c", ""])
    assert hers
    assert set(Session.objects.all()) == {other, nobodys}


def test_expired_sessions_go_and_living_ones_stay():
    over, living = kept(a=1), kept(b=2)
    age(over, expire_date=timezone.now() - timedelta(seconds=1))
    tidied()
    assert Session.objects.get() == living


def test_a_cart_left_alone_goes_and_history_forgets_whose_it_was(settings):
    left, used = Cart.objects.create(email="ada@example.com"), Cart.objects.create()
    for each in (left, used):
        age(each, changed_at=timezone.now() - settings.KEEP_CARTS - timedelta(days=1))
    listed("MUG")
    cart.add(used, "MUG")
    tidied()
    assert Cart.objects.get() == used
    assert Redaction.objects.get().subjects == [str(left.pk)]


@pytest.mark.django_db(transaction=True)
def test_a_cart_that_is_being_changed_is_left_till_the_next_time(settings, beside):
    held = Cart.objects.create(changed_at=timezone.now() - settings.KEEP_CARTS * 2)
    with transaction.atomic():
        Cart.objects.select_for_update().get(pk=held.pk)
        beside(tidied)
        assert Cart.objects.exists()
    tidied()
    assert not Cart.objects.exists()


@pytest.fixture
def beside():
    """Runs a function over another connection."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    def run(work):
        def closing():
            try:
                work()
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            pool.submit(closing).result(timeout=20)

    return run
