"""The console stands in the look of the admin, and what an event says is never run there."""

from uuid import uuid4

import pytest
from django.urls import reverse

from eventbus.console.hooks import Theme, hooks
from eventbus.console.places import PLACES
from tests.unit.console.conftest import person
from tests.unit.console.history import placed
from tests.unit.console.markup import Markup

pytestmark = pytest.mark.django_db

HOSTILE = """"><script>run()</script><img src=x onerror=run()><p x-data x-init="run()">{{ run }}"""


def test_a_page_within_a_place_marks_its_tab(operator):
    page = operator.get(reverse("console:overdue")).content.decode()
    assert f'<a href="{PLACES[0].link}" aria-current="true">' in page


def test_staff_who_may_not_operate_are_refused_within_the_admin(clerk):
    page = Markup(clerk.get(PLACES[0].link).content.decode())
    assert page.has(id="nav-sidebar")
    assert not page.has(**{"aria-label": "Console"})


def test_who_is_no_staff_is_refused_whatever_else_they_may_and_sees_no_menu(client):
    answer = person("odo", "operate", is_staff=False).get(PLACES[0].link)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "is not of the staff" in page
    assert not Markup(page).has(id="nav-sidebar")
    assert reverse("admin:logout") not in page


def test_what_an_event_says_is_never_run(confidant):
    order = placed(uuid4(), HOSTILE, customer_id=HOSTILE)
    page = Markup(confidant.get(reverse("console:payload", args=[order.id])).content.decode())
    assert page.inline() == []
    assert not any("x-data" in each or each.get("src") == "x" for _, each in page.own)


def test_pages_are_under_the_policy_of_the_theme_or_of_the_project(operator, monkeypatch):
    ours = operator.get(PLACES[0].link)["Content-Security-Policy"]
    monkeypatch.setattr(hooks, "theme", Theme())
    plain = operator.get(PLACES[0].link)["Content-Security-Policy"]
    assert "'unsafe-eval'" in ours
    assert "unsafe" not in plain
    assert "script-src 'self'; style-src 'self'" in plain


def test_htmx_is_loaded_where_the_theme_has_none(operator, monkeypatch):
    monkeypatch.setattr(hooks, "theme", Theme())
    page = operator.get(PLACES[0].link).content.decode()
    assert "django_htmx/htmx-2.min.js" in page
    monkeypatch.setattr(hooks, "theme", Theme(brings_htmx=True))
    assert "django_htmx" not in operator.get(PLACES[0].link).content.decode()


def test_what_is_in_the_admin_is_linked_for_who_may_see_it_there():
    order = placed(uuid4(), "100001")
    here = reverse("console:payload", args=[order.id])
    there = reverse("admin:eventbus_outboxevent_change", args=[order.pk])
    assert there not in person("olga", "operate").get(here).content.decode()
    assert there in person("paul", "operate", "view_outboxevent").get(here).content.decode()
