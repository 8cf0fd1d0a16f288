"""Heartbeats of a worker: a thread writes to the database that its loop is alive."""

import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import psutil
import structlog
from django.db import connection

from eventbus import clock
from eventbus.conf import conf
from eventbus.exceptions import in_one_line
from eventbus.messaging.liveness import Liveness, WorkerActivity
from eventbus.operations.models import WorkerHeartbeat
from eventbus.operations.worker_status import HEARTBEAT_INTERVAL

log = structlog.get_logger("eventbus.messaging.worker")

#: A worker that was killed is remembered so long.
FORGOTTEN_AFTER = timedelta(hours=1)
#: Longer than anything a loop does.
LOOP_TIMEOUT = timedelta(seconds=90)

# Not by the ORM: what a worker's parent process does not touch, it shares with all others.
_FORGET = "delete from eventbus_operations_workerheartbeat where app = %s and seen_at < %s"
_KEY = ("app", "host", "pid")
_FACTS = (
    *(
        "node",
        "version",
        "concurrency",
        "started_at",
        "seen_at",
        "handled",
        "handled_at",
        "running",
    ),
    *("memory", "failing_since", "last_error", "clock_ahead"),
)
_BEAT = f"""
    insert into eventbus_operations_workerheartbeat ({", ".join((*_KEY, *_FACTS))})
    values ({", ".join(f"%({name})s" for name in (*_KEY, *_FACTS))})
    on conflict ({", ".join(_KEY)}) do update
    set {", ".join(f"{name} = excluded.{name}" for name in _FACTS)}
"""
_DEPLOYED = """
    insert into eventbus_operations_deployedversion (app, version) values (%s, %s)
    on conflict (app, version) do nothing
"""


@dataclass
class Heartbeat:
    """Thread that writes heartbeats until it is stopped; a failed write is skipped.

    A process whose loop has stood still for `LOOP_TIMEOUT` is killed, so that its process
    manager starts it anew.
    """

    app: str
    concurrency: int
    activity: Callable[[], WorkerActivity]
    liveness: Liveness
    node: str = ""
    started_at: datetime | None = None
    _handled: int = 0
    _handled_at: datetime | None = None
    _stopped: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _was_stuck: bool = False

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="heart", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 2.0) -> None:
        """Stop the heartbeat; receiver of `process_stopping`."""
        self._stopped.set()
        if self._thread:
            self._thread.join(timeout)

    def send(self) -> None:
        """Write a heartbeat: this worker is alive, and its activity."""
        activity, clock_read = self.activity(), clock.read()
        now = clock.now()
        self.started_at = self.started_at or now
        if activity.handled != self._handled or self._handled_at is None:
            self._handled, self._handled_at = activity.handled, now
        facts = self._me | {
            "node": self.node,
            "version": conf.RELEASE,
            "concurrency": self.concurrency,
            "started_at": self.started_at,
            "seen_at": now - self.liveness.age,
            "handled": activity.handled,
            "handled_at": self._handled_at,
            "running": activity.running,
            "memory": _memory(),
            "failing_since": now - activity.outage.lasted if activity.outage else None,
            "last_error": activity.outage.error if activity.outage else "",
            "clock_ahead": clock_read.ahead.total_seconds(),
        }
        with connection.cursor() as cursor:
            cursor.execute(_FORGET, [self.app, now - FORGOTTEN_AFTER])
            cursor.execute(_BEAT, facts)
            cursor.execute(_DEPLOYED, [self.app, conf.RELEASE])

    def _run(self) -> None:
        is_told = False
        while not self._stopped.is_set():
            is_told = self._try(self.send, is_told)
            self._end_if_stuck()
            self._stopped.wait(HEARTBEAT_INTERVAL)
        self._try(WorkerHeartbeat.objects.filter(**self._me).delete, is_told)

    def _end_if_stuck(self) -> None:
        if self.liveness.age < LOOP_TIMEOUT:
            self._was_stuck = False
        elif not self._was_stuck:
            # A process that was frozen itself gets the chance to turn.
            self._was_stuck = True
        else:
            log.critical("ended: its loop stands still", app=self.app, age=str(self.liveness.age))
            os.kill(os.getpid(), signal.SIGKILL)

    def _try(self, work: Callable[[], object], is_told: bool) -> bool:
        """Return whether it failed; says so once, not at each beat."""
        try:
            work()
        except Exception as error:
            if not is_told:
                log.warning("no sign of life can be left", app=self.app, error=in_one_line(error))
            return True
        else:
            return False
        finally:
            # Between beats none is open: the pool's processes would inherit it.
            connection.close()

    @property
    def _me(self) -> dict[str, Any]:
        return {"app": self.app, "host": socket.gethostname(), "pid": os.getpid()}


def _memory() -> int:
    """Return the bytes that this process and its children hold."""
    me, total = psutil.Process(), 0
    for process in [me, *me.children(recursive=True)]:
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


_heartbeats: dict[str, Heartbeat] = {}


def start(
    name: str,
    concurrency: int,
    activity: Callable[[], WorkerActivity],
    liveness: Liveness,
    node: str = "",
    **_: Any,
) -> None:
    """Send heartbeats until the process ends; receiver of `process_ready`."""
    _heartbeats[name] = Heartbeat(name, concurrency, activity, liveness, node)
    _heartbeats[name].start()


def stop(name: str, **_: Any) -> None:
    """Stop the heartbeat; receiver of `process_stopping`."""
    if heart := _heartbeats.pop(name, None):
        heart.stop()
