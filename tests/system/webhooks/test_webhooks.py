"""A real shop tells real web servers of an order: well ones, failing ones and hostile ones."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.request import Request, urlopen

import pytest
from standardwebhooks import Webhook

from devtools.system import System, running_system, temporary_state
from devtools.waiting import wait_until
from shop.settings import REACTING_APPS
from tests.unit.webhooks.receiver import OK, Receiver, answer, receiving

SETTINGS = {
    # Nobody else is to react: it is about what leaves the house.
    "SHOP_RUN_EXCLUDE": ",".join(("flower", "demo", *REACTING_APPS)),
    "BRIDGES": "webhooks",
    "WEBHOOKS_ALLOW_LOCAL": "1",
    "WEBHOOKS_TIMEOUT": "1",
    "WEBHOOKS_RETRY_AFTER": "1,2,2,60",
    # What a worker left behind that was killed is taken up after so long.
    "EVENTBUS_LEASE": "12",
}
CUSTOMER = """
from shop import accounts
from shop.accounts.tokens import make_token
user = accounts.register("ada@example.com", "a long secret", "Ada", confirmed=True)
print(make_token(accounts.customer_id(user), "my program"))
"""
ORDER = """
from orders.services import place_order
from tests.builders import order_details
print(place_order(order_details(customer_id="user-1", email="ada@example.com")).pk)
"""
TYPES = ["orders.OrderPlaced"]


class Program:
    """A customer's program, at the API."""

    def __init__(self, system: System) -> None:
        self.system, self.token = system, said(system, CUSTOMER)

    def ask(self, method: str, path: str, body: object = None) -> dict:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        sent = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.system.url}api{path}", sent, headers, method=method)
        with urlopen(request, timeout=30) as response:
            return json.load(response)

    def subscribe(self, receiver: Receiver) -> dict:
        wish = {"url": receiver.url, "event_types": TYPES, "sees_personal": True}
        return self.ask("POST", "/webhooks", wish)

    def message(self, hook: dict) -> dict:
        """The only thing that a receiver is told of, with its attempts."""
        [message] = self.ask("GET", f"/webhooks/{hook['id']}/messages")["messages"]
        return message


def said(system: System, code: str) -> str:
    done = system.manage("shell", "-v", "0", "-c", code)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[-1]


@pytest.fixture(scope="module")
def program(database_template: None) -> Iterator[Program]:
    with temporary_state() as state, running_system(state, **SETTINGS) as system:
        yield Program(system)


@pytest.fixture
def receivers() -> Iterator[dict[str, Receiver]]:
    with ExitStack() as stack:
        names = ("well", "flaky", "redirecting", "inner", "silent", "endless", "killing")
        yield {name: stack.enter_context(receiving()) for name in names}


def test_each_receiver_is_told_as_far_as_it_takes_it_and_none_is_in_anothers_way(
    program: Program, receivers: dict[str, Receiver]
):
    inner = receivers.pop("inner")
    receivers.pop("killing")
    receivers["flaky"].answers = [answer(500, b"sorry"), b"", OK]
    receivers["redirecting"].answers = [answer(302, b"", f"Location: {inner.url}")]
    receivers["silent"].answers, receivers["silent"].pause = [[b"", b""]], 30
    receivers["endless"].answers = [answer(200, b"a" * 50_000_000)]
    hooks = {name: program.subscribe(receiver) for name, receiver in receivers.items()}
    order = said(program.system, ORDER)

    for name in ("well", "flaky", "endless"):
        wait_until(lambda name=name: program.message(hooks[name])["state"] == "delivered", 60, name)
    for name, statuses in (("well", [200]), ("endless", [200]), ("flaky", [200, None, 500])):
        attempts = program.message(hooks[name])["attempts"]
        assert [each["status"] for each in attempts] == statuses, name
    for name, why in (("redirecting", "it redirects"), ("silent", "no answer within 1 s")):
        message = program.message(hooks[name])
        assert message["state"] != "delivered"
        assert why in message["attempts"][0]["error"]
    assert inner.received == []

    ids = {got.headers["webhook-id"] for each in receivers.values() for got in each.received}
    assert len(ids) == 1
    for name, hook in hooks.items():
        for got in receivers[name].received:
            event = Webhook(hook["secret"]).verify(got.body, got.headers)
            assert (event["type"], event["subject"]) == (TYPES[0], order)
            assert event["data"]["email"] == "ada@example.com"


def test_what_a_killed_worker_was_sending_is_sent_again_under_the_same_id(
    program: Program, receivers: dict[str, Receiver]
):
    killing = receivers["killing"]
    killing.answers, killing.pause = [[b"", OK], OK], 5
    hook = program.subscribe(killing)
    said(program.system, ORDER)
    wait_until(lambda: killing.received, 30, "the first copy")
    os.kill(program.system.pid("webhooks"), signal.SIGKILL)
    wait_until(lambda: program.message(hook)["state"] == "delivered", 90, "the second copy")
    assert len(killing.received) >= 2
    assert len({got.headers["webhook-id"] for got in killing.received}) == 1
