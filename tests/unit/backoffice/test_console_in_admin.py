"""The console is one click from each page of the admin, and its search finds it."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from eventbus.console.hooks import Page, hooks
from eventbus.console.places import PLACES

pytestmark = pytest.mark.django_db


@pytest.fixture
def olga(client) -> Client:
    """Staff who may operate and see nothing else."""
    user = User.objects.create_user("olga", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="operate"))
    client.force_login(user)
    return client


@pytest.fixture
def carl(client) -> Client:
    """Staff who may nothing."""
    client.force_login(User.objects.create_user("carl", is_staff=True))
    return client


def menu(client, address="admin:index"):
    """Return the entries of the sidebar that are shown, and whether each is marked."""
    groups = client.get(reverse(address)).context["sidebar_navigation"]
    entries = [each for group in groups for each in group["items"] if each["has_permission"]]
    return {str(each["link"]): each["active"] for each in entries}


def found(client, name, **how):
    page = client.get(reverse("admin:search"), {"s": name, **how})
    return [result.link for result in page.context["results"]]


def test_every_page_of_the_admin_leads_an_operator_to_all_pages_of_the_console(olga):
    assert {place.link for place in PLACES} <= set(menu(olga))


def test_others_are_not_led_where_they_may_not_go(carl):
    assert {place.link for place in PLACES} & set(menu(carl)) == set()
    assert found(carl, "console") == []


@pytest.mark.parametrize(
    ("address", "marked"), [("console:map", "map"), ("console:overdue", "now")]
)
def test_the_menu_marks_the_one_page_of_the_console_that_is_open(olga, address, marked):
    active = {link for link, is_active in menu(olga, address).items() if is_active}
    assert active == {reverse(f"console:{marked}")}


@pytest.mark.parametrize("how", [{}, {"extended": "1"}])
def test_a_page_of_the_console_is_found_by_its_name(olga, how):
    assert found(olga, "thrOUGH", **how) == [PLACES[2].link]
    assert found(olga, "console", **how) == [place.link for place in PLACES]


def test_a_page_that_is_added_to_the_console_is_led_to_as_well(olga, monkeypatch):
    monkeypatch.setattr(hooks, "pages", [Page("Bells", "admin:password_change")])
    added = reverse("admin:password_change")
    assert added in menu(olga)
    assert found(olga, "bells") == [added]
