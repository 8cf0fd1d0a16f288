"""Who logs in in another tab loses nothing that was typed in this one."""

import pytest
from django.test import Client
from django.urls import get_resolver

from orders.models import Order
from shop.storefront.models import SavedAddress
from tests.routes import every_route
from tests.unit.storefront.conftest import filled_in, put
from tests.unit.storefront.people import LOGIN, SECRET, account
from tests.unit.storefront.test_addresses import VIENNA

pytestmark = pytest.mark.django_db


def forms() -> set[str]:
    """Return every address without a part that changes, of a view that reads the token."""
    return {
        route
        for route, pattern in every_route(get_resolver().url_patterns, "/")
        if not set(route) & set("<(^\\") and not getattr(pattern.callback, "csrf_exempt", False)
    }


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def token(browser: Client, page: str) -> str:
    return str(browser.get(page).context["csrf_token"])


@pytest.fixture
def stale(browser) -> str:
    """A page's token, from before they logged in."""
    account()
    old = token(browser, "/login/")
    browser.post("/login/", {**LOGIN, "csrfmiddlewaretoken": old})
    assert "_auth_user_id" in browser.session
    return old


def fields(page) -> dict[str, str]:
    """Return what the page's button sends."""
    return {**dict(page.context["kept"]), "csrfmiddlewaretoken": str(page.context["csrf_token"])}


def test_whatever_was_typed_into_any_form_is_kept(browser, stale):
    typed = {"name": 'Ada "Countess" Lovelace', "note": "<b>ß", "csrfmiddlewaretoken": stale}
    every = forms()
    assert {"/checkout/", "/login/", "/account/addresses/add/", "/admin/login/"} <= every
    for path in sorted(every):
        page = browser.post(path, typed)
        shown = page.content.decode()
        assert page.status_code == 403, path
        assert 'name="name" value="Ada &quot;Countess&quot; Lovelace"' in shown, path
        assert 'name="note" value="&lt;b&gt;ß"' in shown, path
        assert stale not in shown, path


def test_sent_again_it_is_done(browser, stale):
    typed = {**VIENNA, "csrfmiddlewaretoken": stale}
    page = browser.post("/account/addresses/add/", typed)
    assert not SavedAddress.objects.exists()
    assert browser.post("/account/addresses/add/", fields(page)).url == "/account/addresses/"
    assert SavedAddress.objects.get().line1 == VIENNA["line1"]


def test_a_password_is_asked_for_anew_and_not_in_the_page(browser, stale):
    page = browser.post("/login/", {**LOGIN, "csrfmiddlewaretoken": stale})
    shown = page.content.decode()
    assert SECRET not in shown
    assert 'type="password" name="password"' in shown


def test_an_order_is_placed_once_it_is_sent_again(browser, mug):
    strict, browser.handler.enforce_csrf_checks = True, False
    put(browser, "MUG")
    form = filled_in(browser)
    browser.handler.enforce_csrf_checks = strict
    page = browser.post("/checkout/", form | {"csrfmiddlewaretoken": "x" * 32})
    assert not Order.objects.exists()
    browser.post("/checkout/", fields(page))
    assert Order.objects.get().ship_to["name"] == form["name"]


def test_what_another_site_sends_is_not_offered_to_be_sent_again(browser, stale):
    page = browser.post("/cart/change/", {"sku": "MUG"}, headers={"Origin": "https://evil.example"})
    assert page.status_code == 403
    assert "MUG" not in page.content.decode()


def test_a_part_of_a_page_that_is_brought_up_to_date_is_shown_it_too(browser, stale):
    """Htmx shows no refusal, and what is to be mended."""
    typed = {"name": "Ada", "csrfmiddlewaretoken": stale}
    page = browser.post("/checkout/", typed, headers={"HX-Request": "true"})
    assert (page.status_code, page["HX-Retarget"]) == (422, "main")
    assert 'value="Ada"' in page.content.decode()
