"""A worker's signs of life."""

import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import psutil
import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone

from shop.bus.errors import in_one_line
from shop.bus.models import VersionSeen, WorkerSeen
from shop.bus.workers import BEAT

log = structlog.get_logger("shop.bus.worker")

#: A worker that was killed is remembered so long.
FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Doing:
    """What a worker is at: messages finished since it started, event types that run now."""

    handled: int
    running: list[str]


@dataclass
class Heart:
    """Beats in a thread of its own until it is stopped; a database away costs a beat, no more."""

    app: str
    concurrency: int
    doing: Callable[[], Doing]
    started_at: datetime = field(default_factory=timezone.now)
    _handled: int = 0
    _handled_at: datetime | None = None
    _stopped: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

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
        doing, now = self.doing(), timezone.now()
        if doing.handled != self._handled or self._handled_at is None:
            self._handled, self._handled_at = doing.handled, now
        WorkerSeen.objects.update_or_create(
            **self._me,
            defaults={
                "version": settings.RELEASE,
                "concurrency": self.concurrency,
                "started_at": self.started_at,
                "seen_at": now,
                "handled": doing.handled,
                "handled_at": self._handled_at,
                "running": doing.running,
                "memory": _memory(),
            },
        )
        VersionSeen.objects.get_or_create(app=self.app, version=settings.RELEASE)
        WorkerSeen.objects.filter(app=self.app, seen_at__lt=now - FORGOTTEN_AFTER).delete()

    def _live(self) -> None:
        is_told = False
        while not self._stopped.is_set():
            is_told = self._try(self.beat, is_told)
            self._stopped.wait(BEAT)
        self._try(WorkerSeen.objects.filter(**self._me).delete, is_told)

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
