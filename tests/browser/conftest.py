"""The demo shop, served by a thread of this process, and a browser to visit it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase, override_settings
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from eventbus.testing import settle
from tests.system.browser.conftest import browser, page
from tests.system.browser.conftest import context as context_with_streams
from tests.system.browser.shopper import Shopper

__all__ = ["browser", "context_with_streams", "page"]

STREAM = re.compile(r"/orders/[^/]+/events/|/console/live/")


@pytest.fixture(scope="package", autouse=True)
def _an_event_loop_runs_beside() -> Iterator[None]:
    """Let this thread ask the database: Playwright's loop is in it, and waits meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture(scope="package")
def _answers_at_once() -> Iterator[None]:
    """Let no piece of an answer wait until the browser has acknowledged the one before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QuietWSGIRequestHandler, "disable_nagle_algorithm", True)
        yield


@pytest.fixture(scope="package", autouse=True)
def system(
    _an_event_loop_runs_beside, _answers_at_once, django_db_setup, django_db_blocker
) -> Iterator[SimpleNamespace]:
    """One demo shop for all tests, where nothing takes time; it outlives the browser."""
    at_once = dict.fromkeys(("PACKING_TIME", "CARRIER_TRANSIT"), timedelta(0))
    usual = {"ALLOWED_HOSTS": ["localhost"], "FRAUD_VELOCITY_ORDERS": 1000}
    with django_db_blocker.unblock(), override_settings(**at_once, **usual):
        try:
            call_command("load_demo", stdout=StringIO())
            settle()
            server = LiveServer("localhost")
            yield SimpleNamespace(url=server.url)
            server.stop()
        finally:
            TransactionTestCase("run")._fixture_teardown()


@pytest.fixture
def _django_db_helper(system: SimpleNamespace) -> Iterator[None]:
    """Take the place of what would empty the database after each test: the shop is all tests'.

    While Playwright's loop runs Django has a connection of its own for it, to be closed in it.
    """
    yield
    connections.close_all()


@pytest.fixture
def context(context_with_streams: BrowserContext) -> BrowserContext:
    """A browser without streams, which this server has not."""
    context_with_streams.route(STREAM, lambda route: route.fulfill(status=204))
    return context_with_streams


def see_what_happens(page: Page) -> None:
    """Let all apps react to what was emitted, and look at the page again."""
    settle()
    page.reload()


class SettledShopper(Shopper):
    """A shopper for whom everything happens at once."""

    def takes_a_mug(self) -> None:
        """Put a mug into the cart, without searching for it first."""
        self.page.goto("/products/speckled-stoneware-mug/")
        self.takes_what_is_shown()

    def sees_step(self, title: str, look: str = "done") -> None:
        see_what_happens(self.page)
        super().sees_step(title, look)


@pytest.fixture
def shopper(page: Page) -> SettledShopper:
    return SettledShopper(page)
