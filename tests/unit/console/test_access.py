"""The console is for operators, every address of it, and looking changes nothing."""

from typing import NamedTuple
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from eventbus.console.urls import urlpatterns
from shop.audit import urls as audit_urls
from tests.unit.console.conftest import person
from tests.unit.console.history import placed, reacted
from tests.unit.console.markup import Markup, lacks
from tests.unit.console.test_failed import trouble

pytestmark = pytest.mark.django_db

POSTED = {
    *("request", "note", "change", "dry_run", "pause", "resume", "change_unknown", "set_budget"),
    "test_alerts",
}
NAMES = [pattern.name for pattern in (*urlpatterns, *audit_urls.urlpatterns)]
#: What goes on for minutes is no page.
STREAMED = {"live"}
PAGES = [name for name in NAMES if name not in POSTED | STREAMED]
FILES = ("story_svg", "map_svg", "map_mermaid", "asyncapi", "figures_json")
WRITES = ("insert", "update", "delete")


class Seen(NamedTuple):
    """A page as an operator has got it, and what it asked the database."""

    status: int
    text: str
    queries: list[str]


@pytest.fixture(scope="module")
def address(shared_db):
    """Return the address of a page: of an order, and of something in trouble."""
    with shared_db():
        order, delivery = placed(uuid4(), "100001", customer_id="7"), trouble()
        reacted(order, "billing.authorize")
    arguments = {
        "group": [delivery.fingerprint],
        "note": [delivery.fingerprint],
        "watch_group": [delivery.fingerprint],
        "delivery": [delivery.id],
        "dry_run": [delivery.id],
        "story": ["100001"],
        "story_svg": ["100001"],
        "customer": ["7"],
        "payload": [order.id],
        "map_event": ["orders.OrderPlaced"],
        "map_app": ["orders"],
        "budget": ["billing"],
        "set_budget": ["billing"],
    }

    def of(name):
        site = "audit" if name == "request" else "console"
        return reverse(f"{site}:{name}", args=arguments.get(name))

    return of


@pytest.fixture(scope="module")
def pages(shared_db, address) -> dict[str, Seen]:
    """Return every page, looked at once for all rules about it."""
    with shared_db():
        client = person("orla", "operate")
        return {name: look(client, address(name)) for name in PAGES}


def look(client, path) -> Seen:
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    queries = [query["sql"] for query in asked]
    return Seen(answer.status_code, answer.content.decode(), queries)


def ask(client, name, address):
    return client.post(address(name)) if name in POSTED else client.get(address(name))


def test_an_operator_sees_every_page(pages):
    assert {name: page.status for name, page in pages.items()} == dict.fromkeys(PAGES, 200)


def test_other_staff_and_customers_are_refused_in_words(clerk, customer, address):
    for name in NAMES:
        for client in (clerk, customer):
            answer = ask(client, name, address)
            assert answer.status_code == 403, name
            assert "for operators" in answer.content.decode(), name


def test_who_is_not_logged_in_is_sent_to_the_admins_login_and_back(address):
    for name in NAMES:
        answer = ask(Client(), name, address)
        back = reverse("console:now") if name in POSTED else address(name)
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


def test_every_form_has_its_token(pages):
    for name, page in pages.items():
        tokens = page.text.count('name="csrfmiddlewaretoken"')
        assert tokens == page.text.count('method="post"'), name


def test_looking_writes_nothing(pages):
    for name, page in pages.items():
        assert [asked for asked in page.queries if asked.lower().startswith(WRITES)] == [], name


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


def test_every_page_stands_in_the_admin_with_one_heading_its_help_and_its_tab(pages):
    found = {name: lacks(Markup(pages[name].text)) for name in PAGES if name not in FILES}
    assert {name: lacking for name, lacking in found.items() if lacking} == {}


def test_a_part_of_a_page_asked_for_after_logging_out_leads_the_whole_page_to_the_login(address):
    answer = Client().get(address("now"), headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith(reverse("admin:login"))


def test_words_and_figures_are_english_whatever_the_reader_prefers(operator, address):
    answer = operator.get(address("throughput"), headers={"Accept-Language": "de"})
    assert "Throughput and latency" in answer.content.decode()
