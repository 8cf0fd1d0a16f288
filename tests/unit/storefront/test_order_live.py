"""Open order pages are told by themselves how it goes on, by a real web process."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from devtools.waiting import wait_until
from eventbus.operations.models import WorkerHeartbeat
from eventbus.operations.worker_status import WEB
from orders.models import Order
from shop.ratelimit import limits
from shop.storefront.progress import Fragment, load
from tests.unit.storefront.conftest import placed
from tests.unit.storefront.facts import DELIVERED, Facts, happened, page_of
from tests.unit.storefront.watching import Watcher, Web, web_process

pytestmark = pytest.mark.django_db(transaction=True)

#: Open pages of the test that opens many.
MANY = 300
#: So often a visitor may look for orders in a minute.
OFTEN = 1000
#: The listener, and the threads that render.
FEW = 5


#: One visitor may have three streams of a small process, behind a proxy, soon impatient.
SMALL = {"RATE_LIMITS": "order=9/60", "TRUSTED_PROXIES": "1", "LIVE_STREAMS": "50"}


@pytest.fixture(scope="module")
def web(started) -> Iterator[Web]:
    limits = {"LIVE_STREAMS": str(MANY), "RATE_LIMITS": f"order={OFTEN}/60"}
    with started(ANSWER_LATE_AFTER="30", **limits) as running:
        yield running


@pytest.fixture(scope="module")
def small_web(started) -> Iterator[Web]:
    with started(ANSWER_LATE_AFTER="1", **SMALL) as running:
        yield running


@pytest.fixture(scope="module")
def started(django_db_setup, django_db_blocker, tmp_path_factory) -> Callable[..., Any]:
    """Return how a web process is started that serves more than one test."""

    @contextmanager
    def start(**env: str) -> Iterator[Web]:
        log = tmp_path_factory.mktemp("web") / "log"
        with django_db_blocker.unblock(), web_process(log, **env) as running:
            yield running

    return start


def events_of(order_id: UUID) -> str:
    return page_of(order_id) + "events/"


def watching(web: Web, order: Order, query: str = "", **headers: str) -> closing[Watcher]:
    watcher = Watcher(web, events_of(order.pk) + query, **headers)
    assert watcher.begin() == 200
    return closing(watcher)


def test_story_is_told_as_apps_react_until_its_end(web, order, facts):
    with watching(web, order) as watcher:
        assert "Thank you for your order!" in watcher.next().data
        happened(facts, "reserved")
        assert 'data-step="stock" data-state="done"' in watcher.until("held for you").data
        happened(facts, *DELIVERED[1:])
        assert watcher.until("Delivered. Enjoy it!").name == "story"
        assert watcher.next().name == "end"
        assert watcher.next() is None


def test_stream_tells_what_the_page_shows(web, order):
    with watching(web, order) as watcher:
        shown = Fragment.of(load(order.pk))
        news = watcher.next()
        assert news.data == "\n".join(shown.html.splitlines())
        assert news.id == shown.version


def test_nobody_between_keeps_the_stream_back(web, order):
    with watching(web, order) as watcher:
        assert watcher.headers["content-type"].startswith("text/event-stream")
        assert "no-cache" in watcher.headers["cache-control"]
        assert watcher.headers["x-accel-buffering"] == "no"


@pytest.mark.parametrize("way", ["header", "query"])
def test_what_was_seen_last_is_not_told_again(web, order, facts, way):
    seen = Fragment.of(load(order.pk)).version
    query, headers = (f"?last={seen}", {}) if way == "query" else ("", {"Last_Event_ID": seen})
    with watching(web, order, query, **headers) as watcher:
        assert watcher.quiet(1)
    happened(facts, "reserved")
    with watching(web, order, query, **headers) as watcher:
        assert "held for you" in watcher.next().data


def test_who_comes_back_after_the_end_is_told_that_it_is_over(web, order, facts):
    happened(facts, *DELIVERED)
    seen = Fragment.of(load(order.pk)).version
    with watching(web, order, Last_Event_ID=seen) as watcher:
        assert watcher.next().name == "end"
        assert watcher.next() is None


def test_nobody_is_told_of_other_orders(web, order, facts):
    other = placed(key="other")
    with watching(web, other) as watcher:
        watcher.next()
        happened(facts, "reserved")
        happened(Facts(other), "authorized")
        assert "Your bank has approved" in watcher.next().data
        assert watcher.quiet(1)


@pytest.mark.parametrize("method", ["head", "post"])
def test_stream_can_only_be_read(client, order, method):
    assert getattr(client, method)(events_of(order.pk)).status_code == 405


def test_stream_has_the_language_of_its_page(web, order):
    with closing(Watcher(web, "/de" + events_of(order.pk))) as german:
        assert german.begin() == 200
        assert f'href="/de{page_of(order.pk)}"' in german.next().data


def test_unknown_order_has_no_stream(web, elsewhere):
    with closing(Watcher(web, events_of(elsewhere))) as watcher:
        assert watcher.begin() == 404


def test_who_looked_for_orders_too_often_is_asked_to_wait(web, order):
    for _ in range(OFTEN):
        limits.hit_at_rate("order", "127.0.0.1", OFTEN, 60)
    with closing(Watcher(web, events_of(order.pk))) as watcher:
        assert watcher.begin() == 429
        assert int(watcher.headers["retry-after"]) <= 60


def test_one_visitor_leaves_streams_to_the_others(small_web, order):
    at = {"X_Forwarded_For": "192.0.2.1"}
    one, *others = (Watcher(small_web, events_of(order.pk), **at) for _ in range(3))
    assert [watcher.begin() for watcher in (one, *others)] == [200] * 3
    assert all(watcher.next().name == "story" for watcher in (one, *others))
    with closing(Watcher(small_web, events_of(order.pk), **at)) as too_many:
        assert too_many.begin() == 429
    with closing(Watcher(small_web, events_of(order.pk), X_Forwarded_For="192.0.2.2")) as stranger:
        assert stranger.begin() == 200
    one.close()
    wait_until(lambda: _is_let_in(small_web, order, **at), seconds=20, what="room again")
    for watcher in others:
        watcher.close()


def test_page_is_told_that_an_answer_is_late_although_nothing_happens(small_web, order):
    with watching(small_web, order, X_Forwarded_For="192.0.2.3") as watcher:
        assert "The warehouse has not answered yet." in watcher.until("not answered").data


def _is_let_in(web: Web, order: Order, **headers: str) -> bool:
    with closing(Watcher(web, events_of(order.pk), **headers)) as watcher:
        return watcher.begin() == 200


def test_hundreds_of_open_pages_hold_no_connection_and_no_thread_each(web, order, facts):
    """Nor does one more get in than may, until one has gone."""
    client = Client()
    client.force_login(_somebody())
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    watchers = [Watcher(web, events_of(order.pk), Cookie=cookie) for _ in range(MANY)]
    try:
        assert {watcher.begin() for watcher in watchers} == {200}
        assert all(watcher.next().name == "story" for watcher in watchers)
        with closing(Watcher(web, events_of(order.pk))) as late:
            assert (late.begin(), late.headers["retry-after"]) == (503, "30")
        assert 1 <= web.connections <= FEW
        assert web.threads < 50
        happened(facts, "reserved")
        assert all("held for you" in watcher.until("held").data for watcher in watchers)
        assert web.connections <= FEW
    finally:
        for watcher in watchers:
            watcher.close()
    wait_until(lambda: _status(web, order) == 200, 120, "a place")


def _somebody() -> Any:
    return get_user_model().objects.create_user("ada")


def _status(web: Web, order: Order) -> int:
    with closing(Watcher(web, events_of(order.pk))) as watcher:
        return watcher.begin()


def test_where_the_bridge_is_off_there_is_no_page_of_webhooks_and_nothing_leads_to_it(web):
    """No process that a test starts has a bridge."""
    client = Client()
    client.force_login(_somebody())
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    with closing(Watcher(web, "/account/webhooks/", Cookie=cookie)) as visitor:
        assert visitor.begin() == 404
    with closing(Watcher(web, "/account/", Cookie=cookie)) as visitor:
        assert visitor.begin() == 200
        page = visitor.page()
        assert "/account/tokens/" in page
        assert "ebhook" not in page


def test_watcher_hears_after_the_database_was_away(web, order, facts):
    with watching(web, order) as watcher:
        watcher.next()
        web.drop_connections()
        happened(facts, "reserved")
        assert watcher.until("held for you")
    assert web.process.poll() is None


def test_small_process_ends_in_time_and_in_silence_with_pages_open(small_web, order):
    """Until then it leaves signs of life; it takes them along, as it ends in good order.

    It is the last test of this process.
    """
    signs = WorkerHeartbeat.objects.filter(app=WEB, pid=small_web.process.pid)
    with watching(small_web, order, X_Forwarded_For="192.0.2.4") as watcher:
        watcher.next()
        wait_until(signs.exists, 120, "a sign of life")
        small_web.stop()
        assert all(news.name == "story" for news in iter(watcher.next, None))
    assert not signs.exists()
    log = small_web.log.read_text()
    assert "Traceback" not in log
    assert "timeout graceful shutdown exceeded" not in log
