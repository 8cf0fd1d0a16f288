"""What every answer tells browsers, so that what is smuggled into a page does nothing."""

import re
import subprocess
import sys

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.security.conftest import clients
from tests.security.test_access import ACCESS
from tests.security.test_production import SAFE
from tests.walking import read_once

pytestmark = pytest.mark.django_db


#: In the look of the admin, whose theme evaluates expressions in its pages.
STAFF_ONLY = "console/"


def directives(answer: HttpResponse) -> dict[str, str]:
    """The answer's content security policy, by directive; their order means nothing."""
    parts = answer["Content-Security-Policy"].split("; ")
    return {name: values for name, _, values in (part.partition(" ") for part in parts)}


@pytest.fixture(scope="module")
def answers(shared_db, shared_world, shared_users) -> dict[str, HttpResponse]:
    """Return what staff get at each address."""
    with shared_db(), read_once():
        staff = clients(shared_users)["staff"]
        return {route: staff.get(shared_world.path(route)) for route in ACCESS}


def test_every_answer_forbids_what_the_shop_does_not_do(answers):
    for route, answer in answers.items():
        policy = directives(answer)
        assert route.startswith(STAFF_ONLY) or "unsafe" not in policy.get("script-src", ""), route
        assert policy["default-src"] in ("'self'", "'none'"), route
        assert answer["X-Content-Type-Options"] == "nosniff", route
        assert answer["Referrer-Policy"] == "same-origin", route
        assert answer["X-Frame-Options"] in ("DENY", "SAMEORIGIN"), route
        assert "camera=()" in answer["Permissions-Policy"], route


def test_pages_need_nothing_that_is_forbidden(answers):
    """No script, style or handler stands in a page; data for search engines is no script."""
    ours = {route: each for route, each in answers.items() if not route.startswith(STAFF_ONLY)}
    for route, answer in ours.items():
        if answer["Content-Type"].startswith("text/html") and "mails/<uuid" not in route:
            page = answer.content.decode()
            assert not re.search(r"<script(?![^>]*(src=|ld\+json))", page), route
            assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page), route


def test_answers_that_are_no_pages_are_guarded_too(client):
    for path, status in (("/nowhere/", 404), ("/admin/login/?next=/admin/", 200), ("/admin/", 302)):
        answer = client.get(path)
        assert answer.status_code == status
        assert directives(answer)["frame-ancestors"] == "'none'"


@pytest.mark.parametrize("address", ["/admin/login/", "/console/", "/console/map/"])
def test_only_the_admins_theme_may_evaluate_expressions_and_style_elements(client, address):
    theirs, ours = directives(client.get(address)), directives(client.get("/"))
    admins_alone = {
        "script-src": "'self' 'unsafe-eval'",
        "style-src": "'self' 'unsafe-inline'",
    }
    assert theirs == ours | admins_alone
    assert "script-src" not in ours


def test_cookies_are_for_the_shop_alone(client, world):
    client.post("/products/mug/MUG/", {"quantity": 1})
    session = client.cookies["sessionid"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"


SECURE = "from shop import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)"


@pytest.mark.parametrize(
    ("address", "secure"),
    [("https://shop.example", "True True"), ("", "False False")],
)
def test_a_shop_reached_by_https_sends_its_cookies_by_nothing_else(address, secure, monkeypatch):
    for name, value in SAFE.items() if address else ():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SHOP_URL", address)
    output = subprocess.run([sys.executable, "-c", SECURE], capture_output=True, text=True)
    assert output.stdout.strip() == secure


@pytest.mark.parametrize("path", ["//evil.example", "///evil.example", "/\\evil.example"])
def test_no_missing_slash_leads_away(db, path):
    answer = Client().get("/", PATH_INFO=path)
    assert answer.status_code == 404 or answer["Location"].startswith("/%2F")
