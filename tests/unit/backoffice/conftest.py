"""Staff of each role, and orders to work with."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client, override_settings
from django.urls import reverse

from eventbus.testing import settle
from orders.models import Order
from tests.scenarios.conftest import AT_ONCE, buy, deliver_at_once, fill_shelves, small_shop


@pytest.fixture
def shop(settings, db):
    """Ten teapots and twenty cups; a carrier that needs no time."""
    small_shop(settings)


@pytest.fixture
def at_once(settings) -> None:
    """A carrier that needs no time."""
    deliver_at_once(settings)


@pytest.fixture(scope="module")
def shared_order(shared_db) -> Order:
    """What `order` is, and the shop with it, once for a module, all of whose tests use it."""
    with shared_db(), override_settings(**AT_ONCE):
        fill_shelves()
        return shipped_by_hand()


@pytest.fixture
def order(request) -> Order:
    """Two teapots and two cups, paid, shipped by hand: nothing has left."""
    if "shared_order" in request.fixturenames:
        request.getfixturevalue("at_once")
        return reloaded(request.getfixturevalue("shared_order"))
    request.getfixturevalue("shop")
    return shipped_by_hand()


def shipped_by_hand() -> Order:
    from shipping.services import hold

    order = buy(teapots=2)
    hold(order.id, by="kim")
    settle()
    order = reloaded(order)
    assert order.state == "paid"
    return order


@pytest.fixture
def as_role(db):
    """A client on whose machine somebody of this role is logged in."""

    def login(role: str) -> Client:
        user, _ = User.objects.get_or_create(username=role, is_staff=True)
        user.groups.set(Group.objects.filter(name=role))
        client = Client()
        client.force_login(user)
        return client

    return login


def reloaded(row):
    """The row as it is now."""
    return type(row).objects.get(pk=row.pk)


def submit(client, order, name, part=None, **fields):
    """Press a dialog's button once; returns the answer, which may lead on to a page."""
    return client.post(action_address(order, name, part), {"key": uuid4(), **fields})


def action_address(order, name, part=None):
    if part is None:
        return reverse("admin:order_action", args=[order.id, name])
    return reverse("admin:order_part_action", args=[order.id, name, part])
