"""Nothing that is sent breaks a page: what makes no sense is refused in words."""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.security.test_access import ACCESS
from tests.security.world import every_address, everything_kept

pytestmark = pytest.mark.django_db

#: What an address may carry after its question mark, on one page or another.
NAMES = (
    *("q", "category", "price_min", "price_max", "sort", "option", "available", "page", "p"),
    *("next", "session", "country", "key", "last", "sample", "saved", "sku", "skus", "limit"),
)
ODD = (
    "\0",
    "a\0b",
    "-1",
    "0",
    "1e400",
    "9" * 5000,
    "NaN",
    "٣",
    "\u202e",
    "\r\nX: y",
    "%ff",
    "[",
    "A:B",
)
VALUES = st.one_of(st.sampled_from(ODD), st.text(max_size=30))
#: Parts of an address itself.
PARTS = (
    "handle",
    "sku",
    "slug",
    "token",
    "key",
    "uidb36",
    "section",
    "src",
    "stamp",
    "pk",
    "width",
)

bounded = settings(
    max_examples=300,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

BIG = b"quantity=" + b"9" * 10_000_000
MANY = b"&".join(b"f%d=1" % number for number in range(10_000))
FORM, PARTED = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
BODIES = [
    (FORM, BIG),
    (FORM, MANY),
    (f"{FORM}; charset=utf-16", b"quantity=1"),
    ("multipart/form-data", b"no boundary"),
]


@bounded
@given(
    route=st.sampled_from(sorted(ACCESS)),
    query=st.dictionaries(st.sampled_from(NAMES), VALUES, min_size=1, max_size=3),
)
def test_no_question_breaks_a_page(world, people, route, query):
    asked = "&".join(f"{name}={quote(value, errors='replace')}" for name, value in query.items())
    answer = people["owner"].get(f"{world.path(route)}?{asked}")
    assert answer.status_code < 500 or "events" in route


@pytest.mark.parametrize("odd", ODD)
def test_no_part_of_an_address_breaks_a_page(world, people, odd):
    before, parts = everything_kept(), dict.fromkeys(PARTS, quote(odd, safe="/"))
    for route in (r for r in every_address() if any(f"{part}>" in r for part in PARTS)):
        for method in ("get", "post"):
            answer = getattr(people["owner"], method)(world.path(route, **parts))
            assert answer.status_code < 500, (method, route)
    assert everything_kept() == before


@pytest.mark.parametrize("cookie", ["sessionid", "csrftoken", "messages"])
@pytest.mark.parametrize("value", ['"aaaaaaaa\\000"', '"\\377"', "x" * 5000, '"', "'--"])
def test_no_cookie_breaks_a_page(client, db, cookie, value):
    sent = {"cookie": f"{cookie}={value}"}
    assert client.get("/cart/", headers=sent).status_code == 200
    assert client.post("/cart/undo/", headers=sent).status_code == 302


@pytest.mark.parametrize(("kind", "body"), BODIES, ids=["big", "many", "charset", "boundary"])
def test_what_is_no_form_is_refused_in_words_and_changes_nothing(world, people, kind, body):
    before = everything_kept()
    for route in ("products/<name:handle>/", "checkout/", "login/", "account/profile/"):
        answer = people["stranger"].post(world.path(route), body, content_type=kind)
        assert answer.status_code == 400, route
        assert "We could not make sense of that" in answer.content.decode()
    assert everything_kept() == before


@pytest.mark.parametrize("header", ["HX-Current-URL", "HX-Target", "HX-Prompt", "Referer", "Range"])
@pytest.mark.parametrize("value", ["", "\x00", "[", "https://evil.example/", "%ff", "x" * 5000])
def test_no_header_breaks_a_page(client, world, header, value):
    sent = {header: value, "HX-Request": "true"}
    assert client.get("/products/", headers=sent).status_code == 200
    assert client.post("/cart/undo/", headers=sent).status_code == 302
