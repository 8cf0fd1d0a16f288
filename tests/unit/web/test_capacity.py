"""Requests take turns; none holds a place by being slow."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from shop.web import capacity
from shop.web.asgi_protocol import send_text
from shop.web.capacity import Capacity
from shop.web.concurrency import ConcurrencyLimit
from tests.unit.web.asking import ask, body_of, say_ok, scope_of

PLACES = 4


@pytest.fixture(autouse=True)
def _few(settings):
    settings.WEB_REQUESTS = PLACES


class Held:
    """An application that keeps each request until it is let go, and counts those it has."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self.go = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if (await receive())["type"] == "http.disconnect":
            return
        self.now += 1
        self.most = max(self.most, self.now)
        await self.go.wait()
        self.now -= 1
        await send_text(send, 200, "ok")


def impatient(app: Any, timeout: float = 0) -> Capacity:
    made = Capacity(app)
    made._pages, made._machines = (
        ConcurrencyLimit(limit.slots, timeout) for limit in (made._pages, made._machines)
    )
    return made


async def at_once(app: Capacity, held: Held, *requests: Coroutine[Any, Any, Any]) -> list[Any]:
    """The answers to all, sent together, when none can go on any more."""
    tasks = [asyncio.create_task(request) for request in requests]
    while held.now + sum(task.done() for task in tasks) < len(tasks):
        await asyncio.sleep(0)
    held.go.set()
    return await asyncio.gather(*tasks)


def test_no_more_are_worked_on_than_there_are_places_and_the_others_are_asked_to_come_back():
    async def scenario() -> None:
        held = Held()
        app = impatient(held)
        answers = await at_once(app, held, *(ask(app, address=f"192.0.2.{n}") for n in range(20)))
        assert held.most == PLACES
        refused = [each for each in answers if each.status == 503]
        assert len(refused) == 20 - PLACES
        assert all(each.headers["Retry-After"] for each in refused)

    asyncio.run(scenario())


def test_one_visitor_has_half_of_the_places_and_no_more():
    async def scenario() -> None:
        held = Held()
        app = impatient(held)
        requests = [*(ask(app) for _ in range(20)), ask(app, address="198.51.100.1")]
        answers = await at_once(app, held, *requests)
        assert sum(each.status == 200 for each in answers[:-1]) == PLACES // 2
        assert answers[-1].status == 200

    asyncio.run(scenario())


def test_who_waits_a_moment_gets_the_next_place():
    async def scenario() -> None:
        held = Held()
        app = impatient(held, 30)
        held.go.set()
        answers = await asyncio.gather(*(ask(app) for _ in range(20)))
        assert {each.status for each in answers} == {200}
        assert held.most <= PLACES // 2

    asyncio.run(scenario())


def test_places_are_left_again_after_a_failure():
    async def broken(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        raise RuntimeError

    async def scenario() -> None:
        app = impatient(broken)
        for _ in range(3 * PLACES):
            with pytest.raises(RuntimeError):
                await ask(app)

    asyncio.run(scenario())


def test_machines_have_places_of_their_own_and_health_needs_none():
    async def scenario() -> None:
        held = Held()
        app = impatient(held)
        pages = [ask(app, address=f"192.0.2.{n}") for n in range(PLACES)]
        machines = [ask(app, "/readyz"), *(ask(app, "/healthz") for _ in range(20))]
        answers = await at_once(app, held, *pages, *machines)
        assert {each.status for each in answers} == {200}

    asyncio.run(scenario())


def test_who_is_slow_in_sending_holds_no_place_and_is_cut_off(monkeypatch):
    monkeypatch.setattr(capacity, "SENT_WITHIN", 0.05)

    async def never() -> Any:
        await asyncio.Event().wait()

    async def scenario() -> None:
        held = Held()
        app = impatient(held)
        slow = [asyncio.create_task(ask(app, body=never)) for _ in range(5 * PLACES)]
        held.go.set()
        assert (await ask(app)).status == 200
        assert {each.status for each in await asyncio.gather(*slow)} == {408}

    asyncio.run(scenario())


def test_more_than_anybody_needs_to_send_is_not_taken(monkeypatch):
    monkeypatch.setattr(capacity, "LARGEST_REQUEST", 10)
    app = impatient(say_ok)
    refused = asyncio.run(ask(app, body=body_of([b"12345"] * 3)))
    assert refused.status == 413


def test_an_address_that_nobody_means_is_not_read():
    long = {"query_string": b"x" * (capacity.LONGEST_QUERY + 1)}
    assert asyncio.run(ask(impatient(say_ok), scope=long)).status == 414


def test_who_does_not_take_the_answer_holds_no_place(monkeypatch):
    monkeypatch.setattr(capacity, "TAKEN_WITHIN", 0.01)

    async def unread(message: Any) -> None:
        await asyncio.Event().wait()

    async def scenario() -> None:
        app = impatient(say_ok)
        for _ in range(3 * PLACES):
            with pytest.raises(asyncio.CancelledError):
                await app(scope_of(), body_of([b""]), unread)
        assert (await ask(app)).status == 200

    asyncio.run(scenario())


def test_a_stream_holds_no_place_once_it_flows():
    flowing = []

    async def streaming(scope: Any, receive: Any, send: Any) -> None:
        if (await receive())["type"] == "http.disconnect":
            return
        headers = [(b"Content-Type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        flowing.append(scope)
        await asyncio.Event().wait()

    async def scenario() -> None:
        app = impatient(streaming, 30)
        streams = [asyncio.create_task(ask(app)) for _ in range(5 * PLACES)]
        async with asyncio.timeout(20):
            while len(flowing) < len(streams):
                await asyncio.sleep(0)
        for stream in streams:
            stream.cancel()

    asyncio.run(scenario())


def test_whoever_leaves_keeps_the_place_until_the_work_is_done():
    """Its thread and its connection are in use until then."""

    async def scenario() -> None:
        notified = asyncio.Event()

        async def page(scope: Any, receive: Any, send: Any) -> None:
            await receive()
            gone = asyncio.create_task(receive())
            await asyncio.sleep(0.01)
            assert not gone.done()
            gone.cancel()
            notified.set()
            await send_text(send, 200, "ok")

        assert (await ask(impatient(page), body=_leaving())).status == 200
        assert notified.is_set()

    asyncio.run(scenario())


def _leaving() -> Any:
    messages = [{"type": "http.request", "body": b""}]

    async def receive() -> Any:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive
