"""The console is for operators, every address of it, and looking changes nothing."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from eventbus.console.urls import urlpatterns
from shop.audit import urls as audit_urls
from tests.unit.console.history import placed, reacted
from tests.unit.console.test_failed import trouble

pytestmark = pytest.mark.django_db

POSTED = {"request", "note", "change", "dry_run", "pause", "resume", "change_unknown"}
NAMES = [pattern.name for pattern in (*urlpatterns, *audit_urls.urlpatterns)]
PAGES = [name for name in NAMES if name not in POSTED]
WRITES = ("insert", "update", "delete")


@pytest.fixture
def history():
    """An order, and something in trouble: every address leads somewhere."""
    order = placed(uuid4(), "100001", customer_id="7")
    reacted(order, "billing.authorize")
    return order, trouble()


@pytest.fixture
def address(history):
    order, delivery = history
    arguments = {
        "group": [delivery.fingerprint],
        "note": [delivery.fingerprint],
        "delivery": [delivery.id],
        "dry_run": [delivery.id],
        "story": ["100001"],
        "story_svg": ["100001"],
        "customer": ["7"],
        "payload": [order.id],
    }

    def of(name):
        site = "audit" if name == "request" else "console"
        return reverse(f"{site}:{name}", args=arguments.get(name))

    return of


def ask(client, name, address):
    return client.post(address(name)) if name in POSTED else client.get(address(name))


def test_an_operator_sees_every_page(operator, address):
    assert {name: operator.get(address(name)).status_code for name in PAGES} == dict.fromkeys(
        PAGES, 200
    )


def test_other_staff_and_customers_are_refused_in_words(clerk, customer, address):
    for name in NAMES:
        for client in (clerk, customer):
            answer = ask(client, name, address)
            assert answer.status_code == 403, name
            assert "for operators" in answer.content.decode(), name


def test_who_is_not_logged_in_is_sent_to_the_admins_login_and_back(address):
    for name in NAMES:
        answer = ask(Client(), name, address)
        back = reverse("console:front") if name in POSTED else address(name)
        assert answer.status_code == 302, name
        assert answer["Location"] == f"{reverse('admin:login')}?next={back}"


def test_nothing_is_done_by_get(operator, address):
    for name in POSTED:
        assert operator.get(address(name)).status_code == 405, name


def test_nothing_is_done_without_the_token_of_a_form(operator, address):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = operator.cookies
    for name in POSTED:
        assert strict.post(address(name)).status_code == 403, name


def test_every_form_has_its_token(operator, address):
    for name in PAGES:
        text = operator.get(address(name)).content.decode()
        assert text.count('name="csrfmiddlewaretoken"') == text.count("<form"), name


def test_looking_writes_nothing(operator, address):
    for name in PAGES:
        with CaptureQueriesContext(connection) as queries:
            operator.get(address(name))
        assert [q for q in queries if q["sql"].lower().startswith(WRITES)] == [], name


def test_a_page_has_as_many_queries_however_much_there_is(operator, address):
    for name in PAGES:
        operator.get(address(name))
    before = {name: queries_of(operator, address(name)) for name in PAGES}
    for number in range(2, 5):
        order = placed(uuid4(), f"10000{number}", customer_id="7")
        reacted(order, "billing.authorize", "waiting")
        trouble()
    assert {name: queries_of(operator, address(name)) for name in PAGES} == before


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_no_page_has_a_script_or_style_of_its_own(operator, address):
    for name in PAGES:
        answer = operator.get(address(name))
        text = answer.content.decode()
        assert "script-src 'self'" in answer["Content-Security-Policy"], name
        assert [own for own in ("<style", " style=", "<script>") if own in text] == [], name
    assert " onclick=" not in text


def test_a_part_of_a_page_asked_for_after_logging_out_leads_the_whole_page_to_the_login(address):
    answer = Client().get(address("front"), headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith(reverse("admin:login"))


def test_words_and_figures_are_english_whatever_the_reader_prefers(operator, address):
    answer = operator.get(address("lag"), headers={"Accept-Language": "de"})
    assert "How far each app is behind" in answer.content.decode()
