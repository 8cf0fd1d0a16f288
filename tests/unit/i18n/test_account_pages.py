"""On no page of an account stands a text that is not translated."""

import pytest
from django.test import Client
from django.utils import timezone

from eventbus.bridges.webhooks import services
from eventbus.bridges.webhooks.models import Subscription
from eventbus.testing import given
from loyalty.events import PointsEarned, PointsRedeemed, PointsReturned, PointsReversed
from orders.models import Order
from orders.models.order import State
from shop import accounts
from shop.storefront.models import SavedAddress
from tests.unit.i18n.marking import mark
from tests.unit.storefront.conftest import placed
from tests.unit.storefront.people import ADA, LOGIN, SECRET, account, also, link, prove
from tests.unit.storefront.test_account_pages import PAGES, moved
from tests.unit.storefront.webhooks import REFUSED, WISH, told

pytestmark = pytest.mark.django_db

ADDRESS = {"line1": mark("1 Main St"), "postcode": "N1 9GU", "city": mark("London")}
HOME = {"name": mark("Ada"), "country": "GB", **ADDRESS}
READ = [page for page in PAGES if "export" not in page]


@pytest.fixture
def ada(client):
    user = account(name=mark("Ada"))
    client.force_login(user)
    prove(client)
    return user


@pytest.fixture
def me(ada) -> str:
    return accounts.customer_id(ada)


def test_new_account(reads, ada):
    for address in READ:
        reads(address)


def test_account_that_has_something_of_everything(reads, ada, me):
    for kind in (PointsEarned, PointsRedeemed, PointsReturned, PointsReversed):
        order = placed(me)
        given(moved(kind, me, order.pk, 5, 5, order.pk.int % 10**9), to="shop")
    SavedAddress.objects.create(customer_id=me, **HOME, is_default=True)
    also(ada, "other@example.com")
    also(ada, "third@example.com", confirmed=False)
    told(me, 1)
    for address in READ:
        reads(address)


def test_states_of_orders(reads, me):
    placed(me)
    for state in State:
        Order.objects.update(state=state)
        reads("/account/orders/")


def test_addresses(reads, me):
    reads("/account/addresses/add/", HOME)
    kept = SavedAddress.objects.get()
    reads(f"/account/addresses/{kept.pk}/")
    reads(f"/account/addresses/{kept.pk}/", {"country": "GB", "postcode": "x"}, status=422)
    reads(f"/account/addresses/{kept.pk}/delete/", {})


def test_profile(reads, ada):
    reads("/account/profile/", {"name": "", "language": "x"}, status=422)
    reads("/account/profile/", {"name": mark("Ada"), "language": "en"})


def test_tokens(reads, ada):
    reads("/account/tokens/", {"name": ""}, status=422)
    made = reads("/account/tokens/", {"name": mark("Till")})
    reads(f"/account/tokens/{made.context['tokens'][0].pk}/revoke/", {})


def test_webhooks(reads, me):
    add = "/account/webhooks/add/"
    reads(add, {}, status=422)
    reads(add, {**WISH, "url": "http://127.0.0.1/"}, status=422)
    hook = reads(add, {**WISH, "description": "Till"}).context["webhook"]
    here = f"/account/webhooks/{hook.pk}/"
    reads(here)
    for step in ("disable", "test", "enable", "test", "secret"):
        reads(f"{here}{step}/", {})
    reads(f"{here}change/")
    reads(f"{here}change/", {**WISH, "url": f"https://example.com/{'x' * 500}"}, status=422)
    reads(f"{here}change/", WISH)
    reads(f"{here}delete/")
    reads(f"{here}delete/", {})


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"failing_since": timezone.now()},
        {"disabled_at": timezone.now(), "disabled_because": "gone"},
        {"disabled_at": timezone.now(), "disabled_because": "failing"},
        {"disabled_at": timezone.now(), "disabled_because": "person"},
    ],
)
def test_states_of_webhooks(reads, me, state):
    first = told(me, 1, status=500, response="sorry")
    hook = first.subscription
    told(me, 2, hook, status=302, state="failed")
    told(me, 3, hook, error="no answer within 1 s")
    told(me, 4, hook, state="delivered")
    services.send_test(hook.pk, me)
    Subscription.objects.update(**state)
    reads("/account/webhooks/")
    reads(f"/account/webhooks/{hook.pk}/")
    reads(f"/account/webhooks/{hook.pk}/messages/{first.pk}/send/", {})


@pytest.mark.parametrize("refused", REFUSED)
def test_what_is_wrong_with_the_address_of_a_webhook(reads, ada, refused):
    reads("/account/webhooks/add/", {**WISH, "url": refused}, status=422)


def test_addresses_of_mails(reads, ada):
    also(ada, "other@example.com")
    also(ada, "third@example.com", confirmed=False)
    emails = "/account/emails/"
    for wrong in ("", "nobody", "ada@example.com", f"{'x' * 255}@example.com"):
        reads(emails, {"action_add": "", "email": wrong}, status=422)
    reads(emails, {"action_add": "", "email": "fourth@example.com"})
    reads(emails, {"action_primary": "", "email": "third@example.com"})
    reads(emails, {"action_primary": "", "email": "other@example.com"})
    reads(emails, {"action_remove": "", "email": "other@example.com"})
    reads(emails, {"action_remove": "", "email": "third@example.com"})


def test_passwords(reads, ada):
    wrong = {"oldpassword": "wrong", "password1": "short"}
    reads("/account/password/", wrong, status=422)
    reads("/account/password/", {"oldpassword": SECRET, "password1": "another long secret"})
    reads("/account/delete/", {"password": "wrong"}, status=422)


def test_forgotten_password(reads, client):
    account()
    reads("/password-reset/")
    reads("/password-reset/", {"email": "nobody"}, status=422)
    reads("/password-reset/", {"email": "ada@example.com"})
    chosen = reads(link("reset_password")).redirect_chain[-1][0]
    reads(chosen, {"password1": "1"}, status=422)
    reads(chosen, {"password1": "another long secret"})
    reads(link("reset_password"))


def test_ways_in_and_out(reads):
    account()
    reads("/login/")
    reads("/login/", {"login": "x"}, status=422)
    reads("/login/", {**LOGIN, "password": "wrong"}, status=422)
    reads("/login/", LOGIN)
    reads("/logout/")
    reads("/logout/", {})
    reads("/account/closed/")


def test_opening_an_account(reads):
    reads("/signup/")
    reads("/signup/", {"name": "", "email": "x", "password1": "1"}, status=422)
    reads("/signup/", {**ADA, "password1": "password"}, status=422)
    reads("/signup/", ADA)
    reads(link("confirm_address"))
    reads(link("confirm_address"), {})
    reads(link("confirm_address"), {}, status=404)


def test_confirming_an_address_elsewhere(reads):
    Client().post("/signup/", ADA)
    reads(link("confirm_address"))
    reads(link("confirm_address"), {"password": "wrong"}, status=422)


def test_proving_who_one_is(reads, client):
    client.force_login(account(name=mark("Ada")))
    reads("/account/delete/")
    reads("/account/password-check/")
    reads("/account/password-check/", {"password": "wrong"}, status=422)


def test_deleting_the_account(reads, me, ada):
    order = placed(me)
    reads("/account/delete/")
    reads("/account/delete/", {"password": SECRET}, status=409)
    Order.objects.filter(pk=order.pk).delete()
    reads("/account/delete/", {"password": SECRET})
