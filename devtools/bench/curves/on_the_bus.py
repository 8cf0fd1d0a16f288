"""Curves over backlog, apps and workers: the bus alone, with reactions that write one row."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg

from devtools.bench.peers.contest import PEERS
from devtools.bench.peers.running import Running, running, worked
from devtools.bench.peers.servers import Servers
from devtools.waiting import wait_until

APP = "app1"
#: Seconds for all that waits to be published, or for a sample to be done.
WITHIN = 1800

_BACKLOG = """
    insert into eventbus_outboxevent (id, type, version, subject, correlation_id, traceparent, data,
        occurred_at, publish_after)
    select id, 'job.Counted', 1, n::text, id, '00-' || repeat('1', 32) || '-' || repeat('1', 16)
        || '-01', jsonb_build_object('number', n), now(), now()
    from (
        select n, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
            || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15)
        )::uuid as id
        from generate_series(%s::int, %s::int) n
    ) events
"""
_UNPUBLISHED = "select count(*) from eventbus_outboxevent where published_at is null"

Point = dict[str, float]


def backlog_curve(servers: Servers, sizes: list[int], reactions: int) -> list[Point]:
    """Return milliseconds of the processors a reaction while so many messages wait.

    Taken of so many `reactions` at each size.
    """
    return [_with_backlog(servers, size, reactions) for size in sizes]


def _with_backlog(servers: Servers, size: int, reactions: int) -> Point:
    """Have a small backlog worked off repeatedly, and of a big one only its beginning."""
    print(f"curves: a backlog of {size}", file=sys.stderr)  # noqa: T201 progress
    rounds, sample = max(reactions // size, 1), min(reactions, size)
    spent = done = 0.0
    with _bus(servers, apps=1) as bus:
        for number in range(rounds):
            with _stopped(bus):
                _fill(bus, number * size, size)
            work, finished = _sample(bus, sample)
            spent, done = spent + work, done + finished
    return {"at": size, "ms": spent * 1000 / done}


@contextmanager
def _stopped(bus: Running) -> Iterator[None]:
    """Have the worker, which has nothing to do, stand still."""
    group = bus.processes[APP].pid
    os.killpg(group, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(group, signal.SIGCONT)


def _fill(bus: Running, first: int, events: int) -> None:
    with closing(psycopg.connect(bus.env["PEER_DATABASE"], autocommit=True)) as connection:
        connection.execute(_BACKLOG, (first, first + events - 1))
    wait_until(lambda: not bus.query(_UNPUBLISHED)[0], WITHIN, "all is published")


def _sample(bus: Running, reactions: int) -> tuple[float, int]:
    """Return the processor seconds of so many reactions, and how many they were in the end."""
    before, spent = bus.done_by(APP), worked()
    wait_until(lambda: bus.done_by(APP) >= before + reactions, WITHIN, "the sample")
    return worked() - spent, bus.done_by(APP) - before


def apps_curve(servers: Servers, sizes: list[int], events: int) -> list[Point]:
    """Return milliseconds of the processors a reaction with so many apps reacting to an event."""
    return [_at_work(servers, size, events, apps=size) for size in sizes]


def workers_curve(servers: Servers, sizes: list[int], events: int) -> list[Point]:
    """Return the same for one app with so many worker processes."""
    return [_at_work(servers, size, events, apps=1, PEER_CONCURRENCY=str(size)) for size in sizes]


def _at_work(servers: Servers, at: int, events: int, apps: int, **env: str) -> Point:
    print(f"curves: {at} of {apps} apps", file=sys.stderr)  # noqa: T201 progress
    with _bus(servers, apps, **env) as bus:
        spent = worked()
        emitter, reactions = bus.emit(events), events * apps
        wait_until(lambda: bus.rows() >= reactions, WITHIN, "all is done")
        emitter.wait()
        ms = (worked() - spent) * 1000 / reactions
        return {"at": at, "ms": ms, "rate": reactions / bus.seconds()}


@contextmanager
def _bus(servers: Servers, apps: int, **env: str) -> Iterator[Running]:
    consumers = PEERS["ours"].consumers(apps)
    with running("ours", sys.executable, consumers, servers, apps, **env) as bus:
        yield bus
