"""How an app is, in a word."""

from datetime import UTC, datetime, timedelta

import pytest

from eventbus.console.now.app_state import MARKS, AppNow, AppState, Paused
from eventbus.operations.models import WorkerHeartbeat
from eventbus.operations.worker_status import Worker

AT = datetime(2024, 5, 4, 9, 0, tzinfo=UTC)
WHOLE = Paused("billing", "", "olga", "a strike", "")
PART = Paused("billing", "authorise", "olga", "a strike", "")


def worker(state: str, *running: str) -> Worker:
    seen = WorkerHeartbeat(app="billing", host="one", pid=7, running=list(running))
    return Worker(seen, state, None)


def app(*workers: Worker, waits: float = 0, pauses: tuple[Paused, ...] = ()) -> AppNow:
    """An app whose oldest event has waited so many seconds, of the five that it may."""
    return AppNow(
        name="billing",
        waiting=bool(waits),
        failed=0,
        parked=0,
        oldest=AT - timedelta(seconds=waits) if waits else None,
        pauses=pauses,
        workers=workers,
        done=(0, 1),
        per_second=0.0,
        budget=timedelta(seconds=5),
        at=AT,
    )


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (app(worker("alive")), "ok"),
        (app(worker("alive"), waits=4), "ok"),
        (app(worker("alive"), waits=6), "behind"),
        (app(worker("stalled"), waits=70), "stalled"),
        (app(worker("alive"), worker("lost")), "ok"),
        (app(worker("alive"), waits=60, pauses=(WHOLE,)), "paused"),
        (app(worker("alive"), pauses=(PART,)), "ok"),
        (app(), "down"),
        (app(worker("lost"), worker("failing"), pauses=(WHOLE,)), "down"),
    ],
)
def test_an_app_is_in_the_worst_state_that_is_so(found, state):
    assert found.state == state


def test_states_are_told_apart_without_colours():
    assert len(set(MARKS.values())) == len(AppState)


@pytest.mark.parametrize(
    ("found", "does"),
    [
        (app(worker("alive", "orders.OrderPlaced", "orders.OrderPlaced")), "OrderPlaced"),
        (app(worker("alive", "a.Rare", "a.Often", "a.Often", "a.Odd")), "Often, 2 more"),
        (app(worker("alive")), "nothing waits"),
        (app(worker("alive"), waits=6), "takes what is due"),
        (app(worker("alive"), pauses=(WHOLE,)), "paused by olga: a strike"),
        (app(), "no worker answers"),
    ],
)
def test_what_an_app_does_is_said_or_why_it_does_nothing(found, does):
    assert found.does == does
