"""An app that joined later is fed the past, in order and once, before what is live."""

import json
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.core.management.color import no_style
from django.db import transaction
from django.utils import timezone

from eventbus.console.render_tree import render_tree
from eventbus.console.story import story
from eventbus.delivery import ledger, pause
from eventbus.delivery.models import Delivery, OutboxEvent, Pause
from eventbus.delivery.runner import Incoming, handle
from eventbus.event import Event
from eventbus.history import backfill as module
from eventbus.history.backfill import CannotBackfill, Feeder, UnknownApp, begin, end, missing
from eventbus.history.models import Backfill
from eventbus.testing import emit, emitted, given
from tests.unit.eventbus.conftest import behaviour
from tests.unit.eventbus.events import Answered, Knocked, Rang, Sang

pytestmark = pytest.mark.django_db

EVER = datetime.min.replace(tzinfo=UTC)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    monkeypatch.setattr(module, "BATCH", 2)
    monkeypatch.setattr(module, "REST", 0.0)


@pytest.fixture
def heard() -> list[str]:
    """What was sung, in the order in which the app learnt it."""
    songs: list[str] = []
    behaviour["learn_the_song"] = lambda event: songs.append(event.song)
    return songs


def happened(*events: Event) -> list[OutboxEvent]:
    """Return events that were published before the app was there."""
    for event in events:
        with transaction.atomic():
            emit(event)
    rows = OutboxEvent.objects.filter(id__in=[event.id for event in events]).order_by("id")
    rows.update(published_at=timezone.now())
    return list(rows)


def sang(*songs: str) -> list[OutboxEvent]:
    return happened(*(Sang(song=song) for song in songs))


def feed(since: datetime = EVER, type: str = "", app: str = "tests") -> Feeder:
    feeder = Feeder(begin(app, since, type, by="ops"))
    if feeder.run():
        end(app, by="ops")
    return feeder


def backfill(*arguments: str) -> str:
    out = StringIO()
    call_command("backfill", "tests", *arguments, "--by", "ops", stdout=out)
    return out.getvalue()


def stop_after(feeder: Feeder, batches: int) -> Callable[[int], None]:
    left = [batches]

    def count(_: int) -> None:
        left[0] -= 1
        if not left[0]:
            feeder.stop()

    return count


def test_past_events_take_effect_once(heard):
    sang("one", "two", "three")
    feed()
    feed()
    assert heard == ["one", "two", "three"]


def test_history_is_run_in_the_order_in_which_it_occurred(heard):
    rows = sang("one", "two", "three", "four", "five")
    ledger.create_deliveries(rows[2:3])  # it came live, and waits
    feed()
    assert heard == ["one", "two", "three", "four", "five"]


def test_what_the_app_has_had_is_left_alone():
    given(Rang(bell=uuid4()), to="tests")
    feed()
    assert len(emitted(Answered)) == 1


def test_other_apps_get_nothing():
    sang("one")
    feed()
    assert set(Delivery.objects.values_list("app", flat=True)) == {"tests"}


def test_events_before_the_day_or_of_other_types_stay_in_the_past(heard):
    sang("one")
    feed(since=timezone.now() + timedelta(days=1))
    feed(type=Knocked.type)
    assert heard == []


def test_live_events_wait_until_history_is_through_and_follow_then(heard):
    sang("one", "two")
    feeder = Feeder(begin("tests", EVER, by="ops"))
    (live,) = sang("live")
    ledger.create_deliveries([live])
    handle("tests", [Incoming(live.envelope)])
    assert heard == []
    assert feeder.run()
    end("tests", by="ops")
    handle("tests", [Incoming(live.envelope)])
    assert heard == ["one", "two", "live"]
    assert not Pause.objects.exists()


def test_what_comes_after_the_last_look_is_due_when_the_hold_ends(heard):
    feeder = Feeder(begin("tests", EVER, by="ops"))
    assert feeder.run()
    (live,) = sang("live")
    ledger.create_deliveries([live])
    handle("tests", [Incoming(live.envelope)])
    assert end("tests", by="ops") == 2
    due = Delivery.objects.filter(state="waiting", resend_at__lte=timezone.now())
    assert due.count() == 2


def test_event_committed_late_behind_the_position_is_fed_too(heard):
    late, *_ = sang("late", "one", "two", "three")
    OutboxEvent.objects.filter(pk=late.pk).update(published_at=None)
    feeder = Feeder(begin("tests", EVER, by="ops"))
    published = OutboxEvent.objects.filter(pk=late.pk)
    feeder.run(lambda _: published.update(published_at=timezone.now()))
    assert heard == ["one", "two", "three", "late"]


def test_stopped_it_goes_on_where_it_was_and_holds_the_app_meanwhile(heard):
    sang("one", "two", "three", "four", "five")
    feeder = Feeder(begin("tests", EVER, by="ops"))
    assert not feeder.run(stop_after(feeder, 1))
    assert heard == ["one", "two"]
    assert Pause.objects.get().held_for == "backfill"
    feed()
    assert heard == ["one", "two", "three", "four", "five"]
    assert not Pause.objects.exists()
    assert not Backfill.objects.exists()


def test_killed_in_a_batch_it_runs_what_has_not_taken_effect(heard):
    rows = sang("one", "two", "three")
    begin("tests", EVER, by="ops")
    ledger.create_deliveries(rows)
    handle("tests", [Incoming(rows[0].envelope)], frozenset())
    feed()
    assert heard == ["one", "two", "three"]


def test_muted_reaction_is_closed_without_having_run():
    thrown: list[Event] = []
    behaviour["throw_a_coin"] = lambda event: iter([lambda: thrown.append(event)])
    (row,) = sang("one")
    assert feed().states == {"done": 1, "muted": 1}
    given(Sang(song="live"), to="tests")
    assert [event.song for event in thrown] == ["live"]
    muted = [line for line in render_tree(story(str(row.id)), no_style()) if "muted" in line]
    assert "throw_a_coin" in muted[-1]


def test_live_event_that_was_held_back_is_not_muted():
    thrown: list[Event] = []
    behaviour["throw_a_coin"] = lambda event: iter([lambda: thrown.append(event)])
    begin("tests", EVER, by="ops")
    ledger.create_deliveries(sang("live"))
    feed()
    assert [event.song for event in thrown] == ["live"]


def test_reaction_that_fails_harms_no_other_and_is_retried_later(heard):
    def learn(event):
        if event.song == "two":
            raise ValueError("out of tune")
        heard.append(event.song)

    behaviour["learn_the_song"] = learn
    sang("one", "two", "three")
    assert feed().states["failed"] == 1
    assert heard == ["one", "three"]


def test_paused_reaction_waits_and_keeps_nothing_back(heard):
    pause.pause("tests", "learn_the_song", by="ops", reason="new songs only")
    sang("one")
    assert feed().states == {"waiting": 1, "muted": 1}


def test_hold_is_ended_by_cancelling_and_not_by_resuming(heard):
    sang("one", "two", "three")
    feeder = Feeder(begin("tests", EVER, by="ops"))
    feeder.run(stop_after(feeder, 1))
    with pytest.raises(pause.NotPaused, match="held: history is fed"):
        pause.resume("tests", by="ops")
    assert "goes on with what is live" in backfill("--cancel")
    assert not Pause.objects.exists()
    with pytest.raises(CommandError, match="no backfill of tests is under way"):
        backfill("--cancel")


def test_cancelled_by_somebody_else_it_stops(heard):
    sang("one", "two", "three")
    feeder = Feeder(begin("tests", EVER, by="ops"))
    with pytest.raises(CannotBackfill, match="cancelled"):
        feeder.run(lambda _: end("tests", by="another"))
    assert heard == ["one", "two"]


def test_app_that_is_paused_or_under_way_differently_is_refused():
    pause.pause("tests", by="ops", reason="for lunch")
    with pytest.raises(CannotBackfill, match="paused already, by ops: for lunch"):
        begin("tests", EVER, by="ops")
    pause.resume("tests", by="ops")
    begin("tests", EVER, Rang.type, by="ops")
    with pytest.raises(CannotBackfill, match=r"backfill tests --type tests\.Rang is under way"):
        begin("tests", EVER, by="ops")


def test_app_that_reacts_to_nothing_is_refused():
    with pytest.raises(UnknownApp, match="nobody"):
        missing("nobody", EVER)


class TestCommand:
    def test_says_how_many_which_are_muted_and_what_came_of_them(self, heard):
        sang("one", "two")
        lines = backfill().splitlines()
        assert "       2 tests.Sang -> throw_a_coin (muted)" in lines
        assert "       4 reactions of tests to the past" in lines
        assert "fed: 2 done, 2 muted" in lines
        assert heard == ["one", "two"]

    def test_stops_at_ctrl_c_after_a_batch_and_goes_on_when_run_again(self, heard, capsys):
        sang("one", "two", "three")

        def interrupt(event):
            heard.append(event.song)
            if event.song == "one":
                os.kill(os.getpid(), signal.SIGINT)

        behaviour["learn_the_song"] = interrupt
        with pytest.raises(SystemExit, match="130"):
            backfill("--type", Sang.type)
        assert "tests stays held" in capsys.readouterr().err
        assert heard == ["one", "two"]
        backfill()
        assert heard == ["one", "two", "three"]

    @pytest.mark.parametrize(
        ("arguments", "error"),
        [
            (["nobody"], "no app nobody reacts"),
            (["tests", "--since", "soon"], "--since soon: not a date"),
            (["tests", "--since", "2999-01-01"], "--since 2999-01-01: that day has not begun"),
            (["tests", "--type", "no.Such"], "--type no.Such: no such event"),
            (["tests", "--type", "tests.Answered"], "tests does not react to tests.Answered"),
        ],
    )
    def test_refuses_bad_arguments_by_name(self, arguments, error):
        with pytest.raises(CommandError, match=error):
            call_command("backfill", *arguments)


@pytest.mark.django_db(transaction=True)
class TestDryRun:
    """What others see must be committed."""

    def test_tells_rows_events_calls_and_failures_and_nothing_of_it_stays(self):
        behaviour["learn_the_song"] = lambda event: Group.objects.create(name=event.song)
        behaviour["open_the_door"] = lambda event: iter([partial(print, event.door)])
        behaviour["wake_the_dog"] = lambda event: 1 / 0
        happened(Sang(song="one"), Sang(song="two"), Knocked(door=uuid4()), Rang(bell=uuid4()))
        result = json.loads(backfill("--dry-run", "--json"))
        assert result["muted"] == 2
        assert result["rows"]["auth_group"] == {"created": 2, "changed": 0, "deleted": 0}
        assert result["events"][Answered.type] == 1
        assert result["calls"]["builtins.module.print"] == 1
        assert result["failures"]["wake_the_dog: ZeroDivisionError: division by zero"] == 1
        assert not Group.objects.filter(name__in=["one", "two"]).exists()
        assert not Delivery.objects.exists()
        assert not emitted(Answered)
        assert not Pause.objects.exists()

    def test_tells_it_in_words(self):
        happened(Rang(bell=uuid4()))
        lines = backfill("--dry-run").splitlines()
        assert lines[0] == "2 reactions would run, 0 are muted"
        assert lines[-1] == "nothing of it has happened"
