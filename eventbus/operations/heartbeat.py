"""A worker's signs of life: given by the loop that works, carried to the database by a thread."""

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
from eventbus.messaging.pulse import Pulse, WorkerActivity
from eventbus.operations.models import VersionSeen, WorkerSeen
from eventbus.operations.worker_status import BEAT

log = structlog.get_logger("eventbus.messaging.worker")

#: A worker that was killed is remembered so long.
FORGOTTEN_AFTER = timedelta(hours=1)
#: Longer than anything a loop does.
STANDS_STILL = timedelta(seconds=90)


@dataclass
class Heart:
    """Carries signs of life until it is stopped; a database away costs a beat, no more.

    A process whose loop has stood still for `STANDS_STILL` is ended, so that whoever started
    it starts it anew.
    """

    app: str
    concurrency: int
    doing: Callable[[], WorkerActivity]
    pulse: Pulse
    started_at: datetime | None = None
    _handled: int = 0
    _handled_at: datetime | None = None
    _stopped: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _is_still: bool = False

    def start(self) -> None:
        self._thread = threading.Thread(target=self._live, name="heart", daemon=True)
        self._thread.start()

    def stop(self, patience: float = 2.0) -> None:
        """Leave in good order: what stopped because it was told to is nothing to worry about."""
        self._stopped.set()
        if self._thread:
            self._thread.join(patience)

    def beat(self) -> None:
        """Say that this worker is alive, and what it does."""
        doing, clock_read = self.doing(), clock.read()
        now = clock.now()
        self.started_at = self.started_at or now
        if doing.handled != self._handled or self._handled_at is None:
            self._handled, self._handled_at = doing.handled, now
        WorkerSeen.objects.update_or_create(
            **self._me,
            defaults={
                "version": conf.RELEASE,
                "concurrency": self.concurrency,
                "started_at": self.started_at,
                "seen_at": now - self.pulse.age,
                "handled": doing.handled,
                "handled_at": self._handled_at,
                "running": doing.running,
                "memory": _memory(),
                "failing_since": now - doing.trouble.lasted if doing.trouble else None,
                "last_error": doing.trouble.error if doing.trouble else "",
                "clock_ahead": clock_read.ahead.total_seconds(),
            },
        )
        VersionSeen.objects.get_or_create(app=self.app, version=conf.RELEASE)
        WorkerSeen.objects.filter(app=self.app, seen_at__lt=now - FORGOTTEN_AFTER).delete()

    def _live(self) -> None:
        is_told = False
        while not self._stopped.is_set():
            is_told = self._try(self.beat, is_told)
            self._end_if_still()
            self._stopped.wait(BEAT)
        self._try(WorkerSeen.objects.filter(**self._me).delete, is_told)

    def _end_if_still(self) -> None:
        if self.pulse.age < STANDS_STILL:
            self._is_still = False
        elif not self._is_still:
            # A process that was frozen itself gets the chance to turn.
            self._is_still = True
        else:
            log.critical("ended: its loop stands still", app=self.app, age=str(self.pulse.age))
            os.kill(os.getpid(), signal.SIGKILL)

    def _try(self, work: Callable[[], object], is_told: bool) -> bool:
        """Returns whether it failed; says so once, not at each beat."""
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
    """Bytes that this process and its children hold."""
    me, total = psutil.Process(), 0
    for process in [me, *me.children(recursive=True)]:
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


_hearts: dict[str, Heart] = {}


def start(
    name: str,
    concurrency: int,
    activity: Callable[[], WorkerActivity],
    pulse: Pulse,
    **_: Any,
) -> None:
    """Receiver of `process_ready`: leave signs of life until the process ends."""
    _hearts[name] = Heart(name, concurrency, activity, pulse)
    _hearts[name].start()


def stop(name: str, **_: Any) -> None:
    """Receiver of `process_stopping`: leave in good order."""
    if heart := _hearts.pop(name, None):
        heart.stop()
