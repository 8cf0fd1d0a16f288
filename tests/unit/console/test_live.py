"""However many look, the database is asked once a second; and each is sent what has changed."""

import asyncio
import json
from contextlib import closing
from typing import Any

import pytest
from django.db import OperationalError
from django.urls import reverse

from eventbus.console.now import hub as hubs
from eventbus.console.now import stream as streams
from eventbus.console.now.hub import Frame, Hub
from eventbus.console.now.snapshot import Snapshot
from eventbus.console.now.statement import read_now
from eventbus.console.now.stream import stream
from tests.unit.console.conftest import person
from tests.unit.console.history import BEGAN
from tests.unit.storefront.watching import Watcher, web_process

LIVE = reverse("console:live")


#: What a hub does by itself while somebody looks.
ROUNDS = Hub._run


class Looks:
    """Stands for the database: counts the looks, and answers as it is set to."""

    def __init__(self) -> None:
        self.count = 0
        self.regions = {"figures": "1", "attention": "nothing"}
        self.fails = False

    def __call__(self) -> Frame:
        self.count += 1
        if self.fails:
            raise OperationalError("the database is away")
        return Frame(BEGAN, dict(self.regions), {"orders.OrderPlaced": 2})


@pytest.fixture
def looks():
    return Looks()


@pytest.fixture(autouse=True)
def _nobody_waits_for_a_second(monkeypatch):
    """Only `tick` looks: who begins a hub's own rounds would look at times of its own."""

    async def rounds(hub):
        return None

    monkeypatch.setattr(Hub, "_run", rounds)


async def told(viewer) -> dict[str, Any]:
    """Return what a viewer is told next, comments passed over."""
    async for text in viewer:
        if text.startswith("event: look"):
            return json.loads(text.partition("data: ")[2])
    raise AssertionError("the stream is over")


async def watching(hub: Hub, many: int = 1):
    """Open so many streams, up to where each waits for news."""
    viewers = [stream(hub) for _ in range(many)]
    for viewer in viewers:
        assert (await anext(viewer)).startswith("retry:")
    return viewers


def test_a_hundred_viewers_cost_one_look(looks):
    async def story():
        hub = Hub(looks)
        viewers = await watching(hub, 100)
        for look in (1, 2, 3):
            looks.regions["figures"] = str(look)
            await hub.tick()
            assert {(await told(each))["regions"]["figures"] for each in viewers} == {str(look)}
        return looks.count

    assert asyncio.run(story()) == 3


def test_a_viewer_is_sent_all_at_first_and_then_what_has_changed(looks):
    async def story():
        hub = Hub(looks)
        (viewer,) = await watching(hub)
        await hub.tick()
        before = await told(viewer)
        looks.regions["figures"] = "2"
        await hub.tick()
        return before, await told(viewer)

    first, second = asyncio.run(story())
    assert first["regions"] == {"figures": "1", "attention": "nothing"}
    assert second["regions"] == {"figures": "2"}
    assert first["pulse"] == {"orders.OrderPlaced": 2}


def test_viewers_are_told_since_when_the_database_is_away_and_that_it_is_back(looks):
    async def story():
        hub = Hub(looks)
        (viewer,) = await watching(hub)
        answers = []
        for fails in (False, True, True, False):
            looks.fails = fails
            await hub.tick()
            answers.append((await told(viewer))["away_since"])
        return answers

    assert asyncio.run(story()) == ["", "09:00:00", "09:00:00", ""]


def test_a_quiet_stream_gives_signs_of_life_and_ends_in_time(looks, monkeypatch):
    monkeypatch.setattr(streams, "KEEP_ALIVE", 0.01)
    monkeypatch.setattr(streams, "LIVE_FOR", 0.05)

    async def story():
        return [text async for text in stream(Hub(looks))]

    retry, *alive = asyncio.run(story())
    assert retry.startswith("retry:")
    assert set(alive) == {": still here\n\n"}


def test_nobody_looks_for_nobody(looks, monkeypatch):
    monkeypatch.setattr(Hub, "_run", ROUNDS)
    monkeypatch.setattr(hubs, "EVERY", 0)

    async def story():
        hub = Hub(looks)
        viewer = stream(hub)
        await anext(viewer)
        await told(viewer)
        await viewer.aclose()
        await hub._task
        count = looks.count
        await asyncio.sleep(0)
        return hub.frame, looks.count - count

    assert asyncio.run(story()) == (None, 0)


def test_nobody_more_gets_in_than_may_until_one_has_gone(looks, monkeypatch):
    monkeypatch.setattr(hubs, "MOST_VIEWERS", 1)

    async def story():
        hub = Hub(looks)
        (viewer,) = await watching(hub)
        full = hub.is_full
        await viewer.aclose()
        return full, hub.is_full

    assert asyncio.run(story()) == (True, False)


def test_a_process_that_ends_closes_its_streams(looks):
    async def story():
        hub = Hub(looks)
        (viewer,) = await watching(hub)
        hub.close()
        return hub.is_full, [text async for text in viewer]

    assert asyncio.run(story()) == (True, [])


@pytest.mark.django_db
def test_a_look_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        now = Snapshot(read_now())
        assert now.apps


@pytest.mark.django_db
def test_a_server_that_cannot_stream_says_so(operator):
    answer = operator.get(LIVE)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")


@pytest.mark.django_db(transaction=True)
def test_a_web_process_sends_what_is_so_to_operators_alone(tmp_path):
    operator, clerk = person("olga", "operate"), person("carl")
    with web_process(tmp_path / "log") as web:
        for client, status in ((clerk, 403), (None, 302)):
            with closing(Watcher(web, LIVE, **cookie(client))) as refused:
                assert refused.begin() == status
        with closing(Watcher(web, LIVE, **cookie(operator))) as viewer:
            assert viewer.begin() == 200
            assert viewer.headers["content-type"].startswith("text/event-stream")
            assert "no-cache" in viewer.headers["cache-control"]
            first = json.loads(viewer.next().data)
            assert "No worker of billing" in first["regions"]["attention"]
            web.drop_connections()
            assert json.loads(viewer.until('"away_since": "1').data)["regions"] == {}
            assert json.loads(viewer.until('"away_since": ""').data)
        assert web.stop() is not None
        assert "Traceback" not in web.log.read_text()


def cookie(client) -> dict[str, str]:
    return {"Cookie": f"sessionid={client.cookies['sessionid'].value}"} if client else {}
