"""Waiting: what counts as open, and when nothing moves."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone

from devtools.replay import waiting
from devtools.replay.errors import Stalled
from devtools.replay.report import percentile
from devtools.replay.stories import Open, Stories
from devtools.replay.waiting import GIVE_UP_AFTER, HINT_AFTER, POLL, Watch, outlast, settle
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.testing import emit
from orders.events import CancellationRequested, ShippingDeadlineReached
from shipping.events import TrackingDue

LATER = timezone.now() + timedelta(days=1)


def stories_of(event, **options) -> Stories:
    """The story that this event begins."""
    stories = Stories()
    with stories.begun_here(), transaction.atomic():
        emit(event, **options)
    return stories


def wanted() -> CancellationRequested:
    return CancellationRequested(order_id=uuid4(), reason="staff")


@pytest.mark.django_db
class TestStories:
    def test_what_others_emit_is_none_of_ours(self):
        stories = stories_of(wanted())
        stories_of(wanted())
        assert stories.events.count() == 1

    def test_an_event_is_open_until_it_is_published(self):
        stories = stories_of(wanted())
        assert stories.open() == [Open("relay", "orders.CancellationRequested", 1, 0)]
        OutboxEvent.objects.update(published_at=timezone.now())
        assert stories.open() == []

    def test_an_event_of_later_is_open_but_a_deadline_is_not(self):
        tracking = TrackingDue(order_id=uuid4(), parcel_id=uuid4())
        assert stories_of(tracking, publish_after=LATER).open()
        assert not stories_of(ShippingDeadlineReached(order_id=uuid4()), publish_after=LATER).open()

    @pytest.mark.parametrize("state", Delivery.State)
    def test_reactions_are_open_while_they_wait_or_will_be_retried(self, state):
        stories = stories_of(wanted())
        OutboxEvent.objects.update(published_at=timezone.now())
        for reaction in ("stop", "go"):
            row = {"app": "shipping", "reaction": reaction, "state": state, "attempts": 3}
            Delivery.objects.create(event=OutboxEvent.objects.get(), **row)
        found = [Open("shipping", "go", 1, 3), Open("shipping", "stop", 1, 3)]
        assert stories.open() == (found if state in ("waiting", "failed") else [])


class Scripted:
    """Stories that answer what they are told to, the last answer for ever."""

    def __init__(self, *answers: list[Open] | Exception) -> None:
        self._answers: Iterator = iter(answers)
        self._last: list[Open] | Exception = []

    def open(self) -> list[Open]:
        self._last = next(self._answers, self._last)
        if isinstance(self._last, Exception):
            raise self._last
        return self._last

    def ended(self) -> int:
        return 0


def billing(count: int, attempts: int = 0) -> list[Open]:
    return [Open("billing", "authorise", count, attempts)]


def wait_for(*answers: list[Open] | Exception) -> list[str]:
    """Settle on these answers; returns what was said to whoever watches."""
    said: list[str] = []
    settle(Watch(Scripted(*answers), said.append), lambda ended: None)
    return said


def test_it_is_settled_when_nothing_is_open(time):
    assert wait_for(billing(3), billing(1), []) == []
    assert time.now == 2 * POLL


def test_as_long_as_something_moves_it_waits(time):
    numbers = range(1000, 0, -1)
    assert wait_for(*map(billing, numbers), []) == []
    assert time.now >= GIVE_UP_AFTER


def test_another_attempt_is_a_movement(time):
    looks = int(GIVE_UP_AFTER / POLL) - 10
    assert len(wait_for(*[billing(1, 1)] * looks, *[billing(1, 2)] * looks, [])) == 1


def test_it_asks_whether_everything_runs_only_once(time):
    looks = int(HINT_AFTER / POLL) + 10
    said = wait_for(*[billing(2)] * looks, *[billing(1)] * looks, [])
    assert said == [
        "Nothing has moved for 16 s. Open: billing: 2 × authorise. "
        "If the shop is not running, `make run` starts it; if a worker was killed during a call "
        "outside, the call is taken up when its lease ends."
    ]


def test_it_gives_up_naming_some_of_what_is_open(time):
    many = [Open("app", f"reaction_{number:02}", 1, 0) for number in range(20)]
    with pytest.raises(Stalled, match=r"Open: app: 1 × reaction_00, .*reaction_11, \.\.\.\.$"):
        wait_for(many)


class Connection:
    """A connection to a database that restarts, or to one that says no."""

    def __init__(self, usable: bool) -> None:
        self.is_usable = lambda: usable
        self.close = lambda: None


def failing(times: int):
    """Work that fails so often, as without a database, and then answers."""
    failures = iter([OperationalError("gone")] * times)

    def work() -> str:
        for failure in failures:
            raise failure
        return "answer"

    return work


@pytest.fixture
def _restarting(monkeypatch):
    monkeypatch.setattr(waiting, "connection", Connection(usable=False))


@pytest.mark.usefixtures("_restarting")
class TestRestartingDatabase:
    def test_settling_waits_for_it(self, time):
        assert wait_for(billing(2), OperationalError("gone"), billing(1), []) == []

    def test_work_is_done_again_when_it_is_back(self, time):
        assert outlast(failing(3)) == "answer"
        assert time.now == 3 * POLL

    def test_one_that_does_not_come_back_is_given_up(self, time):
        with pytest.raises(OperationalError):
            outlast(failing(1000))
        assert time.now >= GIVE_UP_AFTER


def test_an_error_of_a_database_that_answers_is_an_error(time, monkeypatch):
    monkeypatch.setattr(waiting, "connection", Connection(usable=True))
    with pytest.raises(OperationalError):
        outlast(failing(1))


@pytest.mark.parametrize(("percent", "value"), [(50, 50), (51, 60), (95, 100), (100, 100)])
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(percent, value):
    assert percentile([50, 100, 10, 20, 90, 30, 80, 40, 70, 60], percent) == value


def test_no_values_have_no_percentile():
    assert percentile([], 50) is None
