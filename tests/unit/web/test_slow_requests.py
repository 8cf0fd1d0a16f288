"""A web process full of slow requests leaves the database to the others, and stays alive."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection

from devtools.waiting import wait_until
from eventbus.testing import given
from notifications.models import Mail
from shop.web.startup_checks import OTHER_CONNECTIONS
from tests.databases import address_of
from tests.unit.notifications.facts import placed
from tests.unit.storefront.watching import Web, database_url, web_process

pytestmark = pytest.mark.django_db(transaction=True)

PLACES = 6
#: More than a web process may have connections.
SLOW = 30
#: When the database gives a slow request up: before the others, who wait for its place, do.
GIVEN_UP = "500ms"


@pytest.fixture(scope="module")
def web(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Web]:
    with django_db_blocker.unblock():
        url = database_url(options=f"-c lock_timeout={GIVEN_UP}")
    log = tmp_path_factory.mktemp("web") / "log"
    with web_process(log, WEB_REQUESTS=str(PLACES), DATABASE_URL=url) as process:
        # What each page needs once is loaded.
        assert status_of(ask(process, "/products/")) == "200"
        yield process


@contextmanager
def products_locked() -> Iterator[None]:
    """Every page of products waits as long as the block lasts."""
    with psycopg.connect(address_of(connection.settings_dict["NAME"])) as locking:
        locking.execute("lock table search_listing in access exclusive mode")
        yield


def ask(web: Web, path: str, sent: str = "") -> socket.socket:
    visitor = socket.create_connection(("127.0.0.1", web.port), timeout=60)
    visitor.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n{sent}\r\n".encode())
    return visitor


def status_of(visitor: socket.socket) -> str:
    answered = visitor.makefile("rb").read().decode()
    return answered.split()[1]


def stuck(web: Web) -> bool:
    """Return whether one visitor's places are all taken: no connection outlives its request."""
    return web.connections >= PLACES // 2


def test_slow_requests_take_their_places_and_no_more_and_all_are_answered(web):
    with products_locked():
        visitors = [ask(web, "/products/") for _ in range(SLOW)]
        wait_until(lambda: stuck(web), 60, "slow requests")
        assert status_of(ask(web, "/healthz")) == "200"
        assert web.connections <= PLACES + OTHER_CONNECTIONS
        given(placed(), to="notifications")
        assert Mail.objects.exists()
        assert {status_of(visitor) for visitor in visitors} == {"503"}
    assert status_of(ask(web, "/products/")) == "200"


def test_whoever_leaves_in_the_middle_makes_no_room_for_another_slow_one(web):
    with products_locked():
        for _ in range(SLOW):
            ask(web, "/products/").close()
        wait_until(lambda: stuck(web), 60, "slow requests")
        assert web.connections <= PLACES + OTHER_CONNECTIONS
        assert status_of(ask(web, "/healthz")) == "200"
    wait_until(lambda: status_of(ask(web, "/products/")) == "200", 60, "room again")


def test_who_never_ends_a_request_holds_nobody_up(web):
    unfinished = [ask(web, "/products/", "Content-Length: 9\r\n") for _ in range(SLOW)]
    assert status_of(ask(web, "/products/")) == "200"
    assert len(unfinished) == SLOW
