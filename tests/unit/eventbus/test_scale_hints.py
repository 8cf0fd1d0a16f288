"""How many processes an app needs, from what was measured."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from eventbus.operations import scale_hints
from eventbus.operations.models import ThroughputMinute, WorkerHeartbeat
from eventbus.operations.scale_hints import UTILISATION, WITHIN, ScaleHint, processes_wanted
from eventbus.operations.throughput import BUCKETS

SECOND = timedelta(seconds=1)
RATES = st.floats(min_value=0, max_value=100_000)
MANY = st.integers(min_value=0, max_value=1_000_000)
PER_PROCESS = st.floats(min_value=0.1, max_value=100_000)
LATENCY = st.timedeltas(min_value=SECOND / 1000, max_value=timedelta(hours=1))
ALL = {"arrivals": RATES, "waiting": MANY, "per_process": PER_PROCESS, "latency": LATENCY}


def last_waits(processes, arrivals, waiting, per_process, latency):
    """How many minutes the last of what waits will wait, at the end."""
    left = waiting + arrivals * WITHIN - processes * per_process * WITHIN
    return left / (processes * per_process)


@given(**ALL)
def test_so_many_bring_it_back_within_its_budget_and_keep_it_there(**facts):
    wanted = processes_wanted(**facts)
    budget = facts["latency"] / timedelta(minutes=1)
    assert last_waits(wanted, **facts) <= budget + 1e-3 * (1 + budget)
    assert facts["arrivals"] <= wanted * facts["per_process"] * UTILISATION * (1 + 1e-5) + 1e-6


@given(**ALL)
def test_one_fewer_would_not_do(**facts):
    fewer = processes_wanted(**facts) - 1
    if fewer:
        is_late = last_waits(fewer, **facts) > facts["latency"] / timedelta(minutes=1)
        is_full = facts["arrivals"] > fewer * facts["per_process"] * UTILISATION
        assert is_late or is_full


@given(more=st.integers(min_value=0, max_value=10_000), **ALL)
def test_more_work_never_needs_fewer_and_faster_processes_never_more(more, **facts):
    wanted = processes_wanted(**facts)
    assert processes_wanted(**facts | {"waiting": facts["waiting"] + more}) >= wanted
    assert processes_wanted(**facts | {"arrivals": facts["arrivals"] + more}) >= wanted
    assert processes_wanted(**facts | {"per_process": facts["per_process"] + more}) <= wanted


def hint(**facts):
    usual = {"processes": 1, "arrivals": 410.0, "waiting": 5200, "per_process": 320.0}
    return ScaleHint("billing", **{**usual, **facts}, latency=5 * SECOND)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {},
            "1 process does 320/min, 410/min arrive and 5,200 wait: "
            "3 processes bring it back in 10 minutes, 2 more",
        ),
        (
            {"waiting": 0},
            "1 process does 320/min, 410/min arrive: 2 processes keep it within its budget, 1 more",
        ),
        (
            {"processes": 4},
            "nothing to do: 4 processes can do 1,280/min, 410/min arrive, "
            "what waits is done in 6 min",
        ),
        (
            {"arrivals": 100, "waiting": 0},
            "nothing to do: 1 process can do 320/min, 100/min arrive",
        ),
        (
            {"per_process": None},
            "not known: it was never busy for three minutes with its 1 process",
        ),
        ({"per_process": None, "waiting": 0}, "nothing to do: nothing waits"),
        ({"processes": 0}, "no process is there: start one"),
        ({"is_paused": True}, "paused: what arrives waits until it is resumed"),
    ],
)
def test_what_to_do_is_said_in_one_sentence(facts, sentence):
    assert hint(**facts).sentence == sentence


def minute(ago, done, bucket, app="billing", type=""):
    histogram = [0] * (len(BUCKETS) + 1)
    histogram[bucket] = done
    at = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=ago)
    ThroughputMinute.objects.create(
        minute=at, app=app, event_type=type, done=done, attempts=done, latency_histogram=histogram
    )


def worker(processes=2, started_ago=60):
    now = timezone.now()
    WorkerHeartbeat.objects.create(
        app="billing",
        host=f"one{started_ago}",
        pid=7,
        version="1",
        concurrency=processes,
        started_at=now - timedelta(minutes=started_ago),
        seen_at=now,
        handled=1,
        handled_at=now,
        running=[],
        memory=1,
    )


def billing():
    return scale_hints.scale_hints()["billing"]


SLOW, QUICK = BUCKETS.index(10_000), BUCKETS.index(50)


@pytest.mark.django_db
def test_what_a_process_does_is_measured_in_minutes_that_were_busy_to_their_end():
    worker()
    for ago, done in ((10, 90), (9, 600), (8, 640), (7, 620), (6, 10)):
        minute(ago, done, SLOW)
    minute(5, 900, QUICK)
    found = billing()
    assert (found.processes, found.per_process) == (2, 310)


@pytest.mark.django_db
def test_of_an_app_that_was_never_busy_it_is_not_known():
    worker()
    for ago in range(10):
        minute(ago, 300, QUICK)
    assert billing().per_process is None
    assert billing().wanted is None


@pytest.mark.django_db
def test_a_process_counts_from_when_it_was_there():
    worker(1)
    worker(1, started_ago=5)
    for ago in (12, 11, 10):
        minute(ago, 300, SLOW)
    assert (billing().processes, billing().per_process) == (2, 300)


@pytest.mark.django_db
def test_what_arrives_is_what_was_emitted_for_each_reaction_to_it():
    for ago in range(1, 6):
        minute(ago, 10, 0, app="", type="billing.OrderBilled")
    assert scale_hints.scale_hints()["loyalty"].arrivals > 0
    assert billing().arrivals == 0
