"""The pages of one's account show what is one's own, and nothing else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from eventbus.testing import emitted, given
from loyalty.events import PointsEarned, PointsRedeemed, PointsReturned, PointsReversed
from shop.accounts import points, tokens
from shop.events import ProfileChanged
from shop.storefront.models import PointsLine, SavedAddress
from tests.unit.storefront.conftest import placed
from tests.unit.storefront.facts import page_of
from tests.unit.storefront.people import account
from tests.unit.storefront.webhooks import told

pytestmark = pytest.mark.django_db

PAGES = [
    "/account/",
    "/account/orders/",
    "/account/points/",
    "/account/addresses/",
    "/account/addresses/add/",
    "/account/profile/",
    "/account/emails/",
    "/account/password/",
    "/account/tokens/",
    "/account/webhooks/",
    "/account/webhooks/add/",
    "/account/data/",
    "/account/data/export/",
    "/account/delete/",
]


@pytest.fixture
def ada(client):
    user = account()
    client.force_login(user)
    return user


def moved(kind, customer: str, order_id, points: int, balance: int, revision: int):
    return kind(
        customer_id=customer, order_id=order_id, points=points, balance=balance, revision=revision
    )


@pytest.mark.parametrize("address", PAGES)
def test_strangers_are_asked_to_log_in(client, address):
    assert client.get(address).url == f"/login/?next={address}"


@pytest.mark.parametrize("address", [*PAGES[:-2], PAGES[-1]])
def test_pages_are_kept_by_no_cache_and_shown_in_every_language(client, ada, address):
    page = client.get(address)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert client.get(f"/de{address}").status_code == 200


def test_overview_shows_ones_own_latest_orders_and_points_only(client, me):
    mine, other = placed(me), placed("user-0")
    given(moved(PointsEarned, me, mine.pk, 30, 1234, 1), to="shop")
    page = client.get("/account/").content.decode()
    assert page_of(mine.pk) in page
    assert page_of(other.pk) not in page
    assert "1,234" in page


def test_a_new_account_has_no_points_and_no_orders(client, ada):
    page = client.get("/account/")
    assert page.context["points"] == 0
    assert "None yet." in page.content.decode()
    assert "No points yet" in client.get("/account/points/").content.decode()


def test_all_orders_are_on_pages_the_newest_first(client, me):
    orders = [placed(me) for _ in range(21)]
    first = client.get("/account/orders/").content.decode()
    assert page_of(orders[-1].pk) in first
    assert page_of(orders[0].pk) not in first
    assert page_of(orders[0].pk) in client.get("/account/orders/?page=2").content.decode()


def test_points_are_listed_with_what_they_were_for(client, me):
    order = placed(me)
    given(
        moved(PointsEarned, me, order.pk, 30, 30, 1),
        moved(PointsRedeemed, me, order.pk, 20, 10, 2),
        moved(PointsReturned, me, order.pk, 5, 15, 3),
        moved(PointsReversed, me, order.pk, 15, 0, 4),
        to="shop",
    )
    lines = [(line.kind, line.points, line.balance) for line in points.lines_of(me)]
    assert lines == [
        ("reversed", -15, 0),
        ("returned", 5, 15),
        ("redeemed", -20, 10),
        ("earned", 30, 30),
    ]
    page = client.get("/account/points/").content.decode()
    assert page.count(f"order {order.number}") == 4


def test_the_balance_is_that_of_the_newest_line_in_whatever_order_they_arrive(client, me):
    order = placed(me)
    later, first = (
        moved(PointsRedeemed, me, order.pk, 20, 10, 2),
        moved(PointsEarned, me, order.pk, 30, 30, 1),
    )
    given(later, first, to="shop", times=2)
    assert points.balance_of(me) == 10
    assert [line.revision for line in points.lines_of(me)] == [2, 1]


def test_points_of_an_order_that_is_not_ones_own_are_listed_without_a_link(client, me):
    other = placed("user-0")
    given(moved(PointsEarned, me, other.pk, 30, 30, 1), to="shop")
    assert page_of(other.pk) not in client.get("/account/points/").content.decode()


def test_profile_is_changed_and_emitted(client, ada, me):
    saved = client.post("/account/profile/", {"name": "Ada L.", "language": "de"})
    assert saved.url == "/de/account/profile/"
    ada.refresh_from_db()
    assert ada.first_name == "Ada L."
    assert [(e.customer_id, e.name, e.language) for e in emitted(ProfileChanged)] == [
        (me, "Ada L.", "de")
    ]
    assert client.get(saved.url).context["form"]["language"].value() == "de"


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("language", "xx"), ("name", "x" * 151)]
)
def test_wrong_profile_is_refused_by_name(client, ada, field, value):
    page = client.post("/account/profile/", {"name": "Ada", "language": "en", field: value})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert not emitted(ProfileChanged)


def test_a_page_asks_as_many_questions_with_many_rows_as_with_one(client, ada, me):
    pages = [*PAGES[:5], "/account/emails/", "/account/tokens/", "/account/webhooks/"]
    fill(me, 1)
    few = {address: queries(client, address) for address in pages}
    fill(me, 15)
    assert {address: queries(client, address) for address in pages} == few


def fill(me: str, rows: int) -> None:
    """More of everything a customer has."""
    start = PointsLine.objects.count()
    for number in range(start, start + rows):
        order = placed(me)
        given(moved(PointsEarned, me, order.pk, 1, number + 1, number + 1), to="shop")
        tokens.make_token(me, f"token {number}")
        SavedAddress.objects.create(customer_id=me, name=f"Ada {number}", country="AT")
        told(me, number)


def queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    assert len(seen) <= 10
    return len(seen)
