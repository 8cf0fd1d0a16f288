"""Which workers are alive, which are lost, and which only look alive."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models.functions import Now
from django.utils import timezone

from devtools.waiting import wait_until
from eventbus.delivery import pause
from eventbus.delivery.models import Delivery
from eventbus.messaging.liveness import Liveness, WorkerActivity
from eventbus.operations.heartbeat import Heartbeat
from eventbus.operations.models import DeployedVersion, WorkerHeartbeat
from eventbus.operations.worker_status import workers
from tests.unit.eventbus.test_pausing import publish

pytestmark = pytest.mark.django_db


def seconds_ago(seconds):
    return timezone.now() - timedelta(seconds=seconds)


def seen(app="tests", **facts):
    """A worker that was seen just now and has done nothing for five minutes."""
    usual = {
        "host": "here",
        "pid": 1,
        "version": "1",
        "concurrency": 1,
        "started_at": seconds_ago(600),
        "seen_at": seconds_ago(1),
        "handled": 7,
        "handled_at": seconds_ago(300),
        "running": [],
        "memory": 2**20,
    }
    return WorkerHeartbeat.objects.create(app=app, **usual | facts)


def states():
    return [worker.state for worker in workers()]


@pytest.fixture
def unheard(rang):
    """An event that has waited for two minutes."""
    publish(rang)
    Delivery.objects.update(waiting_since=seconds_ago(120))


def test_a_worker_with_nothing_to_do_is_alive():
    seen()
    assert states() == ["alive"]


def test_a_worker_that_was_not_seen_for_long_is_gone(unheard):
    seen(seen_at=seconds_ago(40))
    assert states() == ["lost"]


def test_a_worker_that_finishes_nothing_while_events_wait_is_stalled(unheard):
    seen()
    assert states() == ["stalled"]


@pytest.mark.parametrize("just_now", ["handled_at", "started_at"])
def test_one_that_has_just_finished_something_or_started_is_not(unheard, just_now):
    seen(**{just_now: seconds_ago(5)})
    assert states() == ["alive"]


@pytest.mark.parametrize(
    "changes",
    [
        {"waiting_since": Now()},
        {"state": "done"},
        {"state": "failed"},
        {"leased_until": Now() + timedelta(hours=1)},
        {"app": "another"},
    ],
)
def test_nor_one_for_whom_nothing_waits_that_it_could_do(unheard, changes):
    Delivery.objects.update(**changes)
    seen()
    assert states() == ["alive"]


def test_nor_one_that_is_paused(unheard):
    pause.pause("tests", by="Ada", reason="why")
    seen()
    assert states() == ["alive"]


@pytest.fixture
def heartbeat():
    return Heartbeat("tests", 2, lambda: WorkerActivity(5, ["tests.Rang"]), Liveness("tests"))


def test_a_beat_tells_what_the_worker_does(heartbeat, settings):
    settings.EVENTBUS_RELEASE = "v7"
    heartbeat.send()
    row = WorkerHeartbeat.objects.get()
    assert (row.app, row.concurrency, row.handled, row.running) == ("tests", 2, 5, ["tests.Rang"])
    assert (row.version, row.memory > 2**20) == ("v7", True)
    assert DeployedVersion.objects.get().version == "v7"


def test_when_something_was_last_finished_is_seen_from_beat_to_beat(heartbeat):
    heartbeat.send()
    first = WorkerHeartbeat.objects.get()
    heartbeat.liveness.mark_alive()
    heartbeat.send()
    still = WorkerHeartbeat.objects.get()
    heartbeat.activity = lambda: WorkerActivity(6, [])
    heartbeat.send()
    assert first.handled_at == still.handled_at < WorkerHeartbeat.objects.get().handled_at
    assert still.seen_at > first.seen_at


def test_a_loop_that_stands_still_gives_no_sign_of_life(heartbeat, monkeypatch):
    killed = []
    monkeypatch.setattr("eventbus.operations.heartbeat.os.kill", lambda *_: killed.append(1))
    heartbeat.liveness._alive_at -= 100
    heartbeat.send()
    assert states() == ["lost"]
    heartbeat._end_if_stuck()
    assert not killed, "one that was frozen itself gets another look"
    heartbeat._end_if_stuck()
    assert killed


def test_a_loop_that_works_leaves_a_file_for_a_probe(settings):
    file = settings.STATE / "run" / "alive" / "tests"
    liveness = Liveness("tests")
    file.unlink()
    liveness.mark_alive()
    assert not file.exists(), "a file each turn would cost more than the turn"
    liveness._touched -= 1
    liveness.mark_alive()
    assert file.exists()


def test_a_worker_that_was_killed_is_forgotten_in_the_end(heartbeat):
    seen(seen_at=seconds_ago(4000))
    seen(pid=2, seen_at=seconds_ago(400))
    heartbeat.send()
    assert sorted(WorkerHeartbeat.objects.values_list("pid", flat=True))[0] == 2


@pytest.mark.django_db(transaction=True)
def test_one_that_is_stopped_leaves_in_good_order(heartbeat):
    heartbeat.start()
    wait_until(WorkerHeartbeat.objects.exists, 120, "a beat")
    heartbeat.stop(timeout=10)
    assert not WorkerHeartbeat.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_trouble_costs_a_beat_and_is_said_once(heartbeat, caplog, monkeypatch):
    monkeypatch.setattr("eventbus.operations.heartbeat.HEARTBEAT_INTERVAL", 0.01)
    trouble = iter([OSError("away")] * 3)

    def activity():
        for error in trouble:
            raise error
        return WorkerActivity(1, [])

    heartbeat.activity = activity
    heartbeat.start()
    wait_until(WorkerHeartbeat.objects.exists, 120, "a beat after all")
    heartbeat.stop(timeout=10)
    assert caplog.text.count("no sign of life") == 1


def run(*arguments):
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("workers", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_shows_each_worker_and_whose_app_has_none(unheard):
    seen(running=["tests.Rang"])
    report = run().splitlines()
    assert report[1].split()[:3] == ["tests@here", "1", "stalled"]
    assert report[1].endswith("tests.Rang")
    assert "billing" in report[-1]
    report = json.loads(run("--json"))
    assert (report["workers"][0]["state"], "tests" in report["without_worker"]) == (
        "stalled",
        False,
    )
