"""Who gets what at which address: every address there is, asked by four people."""

from contextlib import nullcontext
from typing import NamedTuple
from uuid import uuid4

import pytest
from django.conf import settings as shop_settings
from django.contrib.auth.models import Group, User
from django.test import Client, override_settings

from shop.backoffice.roles import ROLES
from shop.ratelimit.rates import Rate
from tests.security.conftest import clients
from tests.security.world import every_address, everything_kept
from tests.unit.storefront.people import SECRET
from tests.walking import not_drawn, read_once

pytestmark = pytest.mark.django_db

#: What a guest, another customer, the owner and staff get when they look.
EVERYBODY = (200, 200, 200, 200)
LEADS_ON = (302, 302, 302, 302)
ONLY_SENT = (405, 405, 405, 405)
NOTHING = (404, 404, 404, 404)
LOGGED_IN = (302, 200, 200, 200)
OWNER = (302, 404, 200, 404)
GUESTS = (200, 302, 302, 302)
LATER = (409, 409, 409, 409)
NO_SERVER_OF_STREAMS = (503, 503, 503, 503)
WITH_A_TOKEN = (401, 401, 401, 401)
INCOMPLETE = (422, 422, 422, 422)

OPERATORS = (302, 403, 403, 200)
OPERATORS_SEND = (405, 405, 405, 405)
#: Without a row of that name: a page of its own says so.
OPERATORS_ROW = (302, 403, 403, 404)

#: The console's pages are for staff who may operate; the rows are not there.
CONSOLE = {
    "console/": OPERATORS,
    "console/live/": (302, 403, 403, 503),
    "console/audit/": OPERATORS_SEND,
    "console/failed/": OPERATORS,
    "console/failed/notes/": OPERATORS,
    "console/failed/watch/": OPERATORS,
    "console/failed/group/<slug:fingerprint>/": OPERATORS_ROW,
    "console/failed/group/<slug:fingerprint>/watch/": OPERATORS,
    "console/failed/group/<slug:fingerprint>/note/": OPERATORS_SEND,
    "console/failed/change/": OPERATORS_SEND,
    "console/failed/<int:id>/": OPERATORS_ROW,
    "console/failed/<int:id>/dry-run/": OPERATORS_SEND,
    "console/story/": OPERATORS,
    "console/story/<str:reference>/": OPERATORS_ROW,
    "console/story/<str:reference>/story.svg": OPERATORS_ROW,
    "console/customer/<str:customer_id>/": OPERATORS_ROW,
    "console/event/<uuid:id>/": OPERATORS_ROW,
    "console/map/": OPERATORS,
    "console/map/map.svg": OPERATORS,
    "console/map/map.mmd": OPERATORS,
    "console/map/event/<str:type>/": OPERATORS_ROW,
    "console/map/app/<str:app>/": OPERATORS_ROW,
    "console/throughput/": OPERATORS,
    "console/throughput/figures/": OPERATORS,
    "console/throughput/figures.json": OPERATORS,
    "console/throughput/unknown/": OPERATORS_SEND,
    "console/throughput/budget/<slug:app>/": OPERATORS_ROW,
    "console/throughput/budget/<slug:app>/set/": OPERATORS_SEND,
    "console/overdue/": OPERATORS,
    "console/workers/": OPERATORS,
    "console/actions/": OPERATORS,
    "console/paused/": OPERATORS,
    "console/paused/pause/": OPERATORS_SEND,
    "console/paused/resume/": OPERATORS_SEND,
    "console/alerts/": OPERATORS,
    "console/alerts/test/": OPERATORS_SEND,
    "console/contracts/": OPERATORS,
    "console/contracts/asyncapi.json": OPERATORS,
}

ACCESS = {
    **CONSOLE,
    "healthz": EVERYBODY,
    # Asked from this machine, where nobody has set a token.
    "metrics": EVERYBODY,
    "favicon.ico": LEADS_ON,
    "robots.txt": EVERYBODY,
    "sitemap.xml": EVERYBODY,
    "sitemap-<section>.xml": EVERYBODY,
    "pictures/<int:width>/<str:stamp>/<path:src>": NOTHING,
    "billing/stripe/webhook/": ONLY_SENT,
    "billing/stripe/return/<uuid:order_id>/": LEADS_ON,
    "api/": EVERYBODY,
    "api/openapi.json": EVERYBODY,
    "api/products": EVERYBODY,
    "api/products/<handle>": EVERYBODY,
    "api/categories": EVERYBODY,
    "api/availability": INCOMPLETE,
    "api/carts": ONLY_SENT,
    "api/carts/<cart_id>": NOTHING,
    "api/carts/<cart_id>/items": ONLY_SENT,
    "api/carts/<cart_id>/items/<path:sku>": ONLY_SENT,
    "api/quote": ONLY_SENT,
    "api/orders": WITH_A_TOKEN,
    "api/orders/<order_id>": EVERYBODY,
    "api/orders/<order_id>/story": EVERYBODY,
    "api/orders/<order_id>/cancel": ONLY_SENT,
    "api/orders/<order_id>/payments": ONLY_SENT,
    "api/orders/<order_id>/returns": ONLY_SENT,
    "api/webhook-events": WITH_A_TOKEN,
    "api/webhooks": WITH_A_TOKEN,
    "api/webhooks/<webhook_id>": WITH_A_TOKEN,
    "api/webhooks/<webhook_id>/secret": ONLY_SENT,
    "api/webhooks/<webhook_id>/test": ONLY_SENT,
    "api/webhooks/<webhook_id>/messages": WITH_A_TOKEN,
    "api/webhooks/<webhook_id>/messages/<message_id>/send": ONLY_SENT,
    "api/^[\\s\\S]*$": NOTHING,
    "mails/": (302, 302, 302, 200),
    "mails/<uuid:id>/": (302, 302, 302, 200),
    "mails/<uuid:id>/html/": (302, 302, 302, 200),
    "mails/unsubscribe/<str:token>/": EVERYBODY,
    "": EVERYBODY,
    "products/": EVERYBODY,
    "products/<name:handle>/": EVERYBODY,
    "products/<name:handle>/<sku:sku>/": EVERYBODY,
    "categories/<name:slug>/": EVERYBODY,
    "back-in-stock/<sku:sku>/": ONLY_SENT,
    "cart/": EVERYBODY,
    "cart/change/": ONLY_SENT,
    "cart/remove/": ONLY_SENT,
    "cart/undo/": ONLY_SENT,
    # With nothing in the cart.
    "checkout/": LEADS_ON,
    # An order's address is its key: docs/decisions/0014-an-orders-address-is-its-key.md.
    "orders/<uuid:order_id>/": EVERYBODY,
    "orders/<uuid:order_id>/cancel/": ONLY_SENT,
    "orders/<uuid:order_id>/events/": NO_SERVER_OF_STREAMS,
    "orders/<uuid:order_id>/challenge/": LEADS_ON,
    "orders/<uuid:order_id>/pay/": LEADS_ON,
    "orders/<uuid:order_id>/return/": EVERYBODY,
    "orders/<uuid:order_id>/invoice.pdf": LATER,
    "account/": LOGGED_IN,
    "account/orders/": LOGGED_IN,
    "account/points/": LOGGED_IN,
    "account/addresses/": LOGGED_IN,
    "account/addresses/add/": LOGGED_IN,
    "account/addresses/<int:pk>/": OWNER,
    "account/addresses/<int:pk>/delete/": ONLY_SENT,
    "account/profile/": LOGGED_IN,
    "account/tokens/": LOGGED_IN,
    "account/tokens/<int:pk>/revoke/": ONLY_SENT,
    "account/webhooks/": LOGGED_IN,
    "account/webhooks/add/": LOGGED_IN,
    "account/webhooks/<uuid:webhook_id>/": OWNER,
    "account/webhooks/<uuid:webhook_id>/change/": OWNER,
    "account/webhooks/<uuid:webhook_id>/enable/": ONLY_SENT,
    "account/webhooks/<uuid:webhook_id>/disable/": ONLY_SENT,
    "account/webhooks/<uuid:webhook_id>/secret/": ONLY_SENT,
    "account/webhooks/<uuid:webhook_id>/test/": ONLY_SENT,
    "account/webhooks/<uuid:webhook_id>/delete/": OWNER,
    "account/webhooks/<uuid:webhook_id>/messages/<uuid:message_id>/send/": ONLY_SENT,
    "account/data/": LOGGED_IN,
    # Asks for the password first.
    "account/data/export/": LEADS_ON,
    "account/password-check/": LOGGED_IN,
    "account/emails/": LOGGED_IN,
    "account/password/": LOGGED_IN,
    # Who has a password changes it.
    "account/password/set/": LEADS_ON,
    "account/delete/": LOGGED_IN,
    "account/closed/": EVERYBODY,
    "account/confirm/": EVERYBODY,
    "^account/confirm/(?P<key>[-:\\w]+)/$": NOTHING,
    "login/": GUESTS,
    "logout/": LOGGED_IN,
    "signup/": GUESTS,
    "password-reset/": EVERYBODY,
    "password-reset/sent/": EVERYBODY,
    "password-reset/done/": EVERYBODY,
    "^password-reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": EVERYBODY,
}

#: Whether the system is ready is asked in tests/unit/monitoring.
ELSEWHERE = {"readyz"}
MAILS = ("mails/", "mails/<uuid:id>/", "mails/<uuid:id>/html/")

#: Sent without a token against forged requests: programs, and whoever has the link of a mail.
FORGEABLE = ("api/", "billing/stripe/webhook/", "mails/unsubscribe/")

#: Addresses that are the same for all, and may be kept on the way.
FOR_ALL = {
    *(
        "healthz",
        "metrics",
        "favicon.ico",
        "robots.txt",
        "sitemap.xml",
        "sitemap-<section>.xml",
    ),
    *("billing/stripe/webhook/", "products/", "products/<name:handle>/", ""),
    *("products/<name:handle>/<sku:sku>/", "categories/<name:slug>/"),
    *("account/closed/", "account/confirm/", "password-reset/sent/", "password-reset/done/"),
    "pictures/<int:width>/<str:stamp>/<path:src>",
}


#: How the shop is here: in the open, where nobody comes too often.
OPEN = {
    "MAILS_PAGE_PUBLIC": False,
    "RATE_LIMITS": dict.fromkeys(shop_settings.RATE_LIMITS, Rate(10**6, 60)),
}


class Look(NamedTuple):
    """What somebody got who looked at an address."""

    status: int
    cache: str
    vary: str
    shows_cart: bool


@pytest.fixture(autouse=True)
def _a_shop_in_the_open(settings):
    for name, value in OPEN.items():
        setattr(settings, name, value)


@pytest.fixture(scope="module")
def visitors(shared_db, shared_users) -> dict[str, Client]:
    with shared_db():
        return clients(shared_users)


@pytest.fixture(scope="module")
def kept_before(shared_db, visitors) -> dict[str, str]:
    """Return all that is kept before anybody looks at anything."""
    with shared_db():
        return everything_kept()


@pytest.fixture(scope="module")
def looks(shared_db, shared_world, visitors, kept_before) -> dict[str, dict[str, Look]]:
    """Return what each of the four gets at each address; asked once for all rules about it."""
    with shared_db(), override_settings(**OPEN), read_once():
        return {
            route: {name: look(one, shared_world.path(route)) for name, one in visitors.items()}
            for route in ACCESS
        }


def look(client: Client, path: str) -> Look:
    answer = client.get(path)
    shows_cart = not answer.streaming and b'id="cart-count"' in answer.content
    header = answer.headers.get
    return Look(answer.status_code, header("Cache-Control", ""), header("Vary", ""), shows_cart)


def test_it_is_laid_down_who_gets_every_address():
    assert set(every_address()) - ELSEWHERE == set(ACCESS)


def test_everybody_gets_what_is_theirs(db, looks):
    got = {route: tuple(each.status for each in by.values()) for route, by in looks.items()}
    assert got == ACCESS


def test_looking_changes_nothing(db, kept_before, looks):
    assert everything_kept() == kept_before


def opened_to(role: str, route: str) -> bool:
    """Return whether a role of staff sees more than every customer; the admin has its own tests."""
    if route.startswith("console/"):
        return role == "operator"
    return route in MAILS and role != "catalogue"


@pytest.mark.parametrize("role", ROLES)
@read_once()
def test_a_role_of_staff_gets_no_more_than_its_due(world, people, role):
    """What others of the stranger's rights get is drawn for `looks`."""
    client = people["stranger"]
    user = User.objects.create_user(role, password=SECRET, is_staff=True)
    user.groups.set(Group.objects.filter(name=role))
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    before = everything_kept()
    for route, (_, stranger, _, staff) in ACCESS.items():
        expected = staff if opened_to(role, route) else stranger
        if route in MAILS and not opened_to(role, route):
            expected = 403
        with nullcontext() if opened_to(role, route) else not_drawn():
            status = client.get(world.path(route)).status_code
        assert status == expected, route
    assert everything_kept() == before


@read_once()
@not_drawn()
def test_what_only_looks_is_not_done_by_head_or_options_either(world, people):
    before, owner = everything_kept(), people["owner"]
    for route, expected in ACCESS.items():
        head, options = (method(world.path(route)) for method in (owner.head, owner.options))
        # Where a password is asked for, it is for all but a plain look.
        assert head.status_code in (expected[2], 302, 405), route
        assert head.content == b"", route
        assert options.status_code < 500, route
    assert everything_kept() == before


@pytest.mark.parametrize("who", ["guest", "stranger", "staff"])
@pytest.mark.parametrize(
    "what",
    [
        "addresses/<int:pk>/delete",
        "tokens/<int:pk>/revoke",
        "webhooks/<uuid:webhook_id>/enable",
        "webhooks/<uuid:webhook_id>/disable",
        "webhooks/<uuid:webhook_id>/test",
        "webhooks/<uuid:webhook_id>/delete",
        "webhooks/<uuid:webhook_id>/messages/<uuid:message_id>/send",
    ],
)
def test_what_is_somebody_elses_is_not_there_to_be_changed(world, people, who, what):
    before = everything_kept()
    answer = people[who].post(world.path(f"account/{what}/"))
    assert answer.status_code == (302 if who == "guest" else 404)
    assert everything_kept() == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_order_there_is_not_has_no_page_of_any_kind(world, people, method):
    before, strange = everything_kept(), uuid4()
    for route in (r for r in ACCESS if "order_id" in r and r.startswith("orders/")):
        answer = getattr(people["owner"], method)(world.path(route, order_id=strange), {"a": 1})
        assert answer.status_code in ((404, 405) if "events" not in route else (503, 405)), route
    assert everything_kept() == before


@read_once()
def test_nothing_is_sent_by_another_site(world, people):
    before, forged = everything_kept(), Client(enforce_csrf_checks=True)
    forged.cookies = people["owner"].cookies
    for route in (r for r in ACCESS if not r.startswith(FORGEABLE)):
        answer = forged.post(world.path(route), {"quantity": 1, "update": "live"})
        assert answer.status_code in (403, 405) or route in FOR_ALL, route
    assert everything_kept() == before


def test_what_is_somebodys_own_is_kept_by_no_cache(looks):
    for route in set(ACCESS) - FOR_ALL:
        for name, answer in looks[route].items():
            if answer.status == 200 and route != "logout/":
                assert "no-store" in answer.cache, (route, name)


def test_what_shows_a_cart_is_told_apart_by_its_cookie(looks):
    showing = {route: by["owner"] for route, by in looks.items() if by["owner"].shows_cart}
    for route in FOR_ALL & showing.keys():
        assert "Cookie" in showing[route].vary, route
    assert FOR_ALL & showing.keys()
