"""All peers at the same job, one after the other: events a second, and what kills cost them.

A second run of each, in which a reaction takes ten milliseconds, is where one consumer is killed
with -9 and started again at once, over and over, spread evenly over its work.
"""

import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from devtools.bench.peers.environments import python_of
from devtools.bench.peers.running import Running, running, worked
from devtools.bench.peers.servers import Servers
from devtools.waiting import wait_until, wait_while_progress

#: Milliseconds that a reaction takes while consumers are killed.
WORK_MS = 10
#: Events a kill: enough that the one that is killed always has something to do.
EVENTS_A_KILL = 20
#: Seconds after which it is killed though it has done nothing, and that a run may take.
KILL_WITHIN, RUN_WITHIN = 15, 420


@dataclass(frozen=True)
class Peer:
    """A way to tell apps of an event. `beside`: what runs beside a consumer for each app.

    `executors` run all apps' work instead, where there is no consumer for each app.
    """

    title: str
    beside: tuple[str, ...] = ()
    executors: tuple[str, ...] = ()

    def consumers(self, apps: int) -> tuple[str, ...]:
        """Return the names of its processes, the one that is killed first."""
        return self.executors or (*(f"app{number + 1}" for number in range(apps)), *self.beside)


PEERS = {
    "ours": Peer("this bus", beside=("relay",)),
    "naive": Peer("naive Celery"),
    "dbos": Peer("DBOS", executors=("executor-1", "executor-2")),
    "procrastinate": Peer("procrastinate"),
    "protean": Peer("Protean", executors=("server-1", "server-2")),
    "faststream": Peer("FastStream"),
    "openedx": Peer("openedx-events"),
    "django_cqrs": Peer("django-cqrs"),
}


def measure(
    servers: Servers, names: list[str], events: int, kills: int, apps: int, quiet: float
) -> dict[str, Any]:
    """Have each peer do the job; returns for each what it did, or the `reason` why it could not.

    `quiet`: seconds without a new row after which what is missing is lost.
    """
    return {name: _measure(name, servers, events, kills, apps, quiet) for name in names}


def _measure(
    name: str, servers: Servers, events: int, kills: int, apps: int, quiet: float
) -> dict[str, Any]:
    print(f"peers: {name}", file=sys.stderr)  # noqa: T201 progress
    try:
        python = python_of(name)
        consumers = PEERS[name].consumers(apps)
        with running(name, python, consumers, servers, apps) as peer:
            speed = _speed(peer, events, quiet)
        with running(name, python, consumers, servers, apps, PEER_WORK_MS=str(WORK_MS)) as peer:
            return speed | _kills(peer, kills, quiet)
    except (RuntimeError, TimeoutError, subprocess.SubprocessError) as error:
        return {"reason": _reason(error)}


def _reason(error: Exception) -> str:
    printed = getattr(error, "stderr", None) or str(error)
    return str(printed).strip().split("\n")[-1]


def _speed(peer: Running, events: int, quiet: float) -> dict[str, Any]:
    before = worked()
    emitter = peer.emit(events)
    everything = events * peer.apps
    wait_while_progress(
        peer.rows,
        lambda rows: rows >= everything and peer.counts()[1] >= everything,
        quiet,
        RUN_WITHIN,
    )
    emitter.wait(RUN_WITHIN)
    done = peer.counts()[1] / peer.apps
    return {
        "events": events,
        "apps": peer.apps,
        "rate": done / peer.seconds() if done else 0.0,
        "work_ms": (worked() - before) * 1000 / max(done, 1),
    }


def _kills(peer: Running, kills: int, quiet: float) -> dict[str, Any]:
    events = kills * EVENTS_A_KILL
    emitter = peer.emit(events)
    victim = peer.consumers[0]
    for kill in range(1, kills + 1):
        _wait_for_share(peer, events * kill // (kills + 1))
        peer.kill(victim)
        peer.consume(victim)
    emitter.wait(RUN_WITHIN)
    wait_while_progress(peer.counts, lambda _: False, quiet, RUN_WITHIN)
    rows, distinct = peer.counts()
    expected = peer.emitted() * peer.apps
    return {
        "kills": kills,
        "rows": expected,
        "lost": expected - distinct,
        "doubled": rows - distinct,
    }


def _wait_for_share(peer: Running, rows: int) -> None:
    try:
        wait_until(lambda: peer.done_by("app1") >= rows, KILL_WITHIN, "its share")
    except TimeoutError:
        # It does nothing, which is no reason to spare it.
        return


def table(result: dict[str, Any]) -> str:
    """Return the figures for people."""
    return "\n".join(f"{PEERS[name].title:15} {_line(of)}" for name, of in result.items())


def _line(of: dict[str, Any]) -> str:
    if "reason" in of:
        return f"not measured: {of['reason']}"
    return (
        f"{of['rate']:6.1f} events a second to {of['apps']} apps, {of['work_ms']:.1f} ms of the "
        f"processors each; of {of['rows']} rows with {of['kills']} kills: "
        f"{of['lost']} lost, {of['doubled']} doubled"
    )


def lead(result: dict[str, Any]) -> float:
    """Return our events a second to those of the best other; 0 where either was not measured."""
    rates = {name: of.get("rate", 0.0) for name, of in result.items()}
    ours = rates.pop("ours", 0.0)
    best = max(rates.values(), default=0.0)
    return ours / best if best else 0.0
