"""One look a second for all who have a page of the console open in this process."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar
from weakref import WeakKeyDictionary

import structlog
from django.db import connection

from eventbus import clock
from eventbus.console.now.regions import Regions, draw_regions
from eventbus.console.now.snapshot import Snapshot
from eventbus.exceptions import in_one_line
from eventbus.operations.streaming import on_shutdown

log = structlog.get_logger("eventbus.console.live")
Result = TypeVar("Result")

#: Seconds between two looks. One that takes long is followed by a pause of so many times as long.
EVERY, REST = 1.0, 4.0
#: Seconds without an answer after which viewers are told.
ANSWERS_WITHIN = 3.0
#: Viewers of one process.
MOST_VIEWERS = 500

#: One thread for the looks, which keeps its connection while somebody looks, and one for the doors.
_looks = ThreadPoolExecutor(max_workers=1, thread_name_prefix="console-live")
_doors = ThreadPoolExecutor(max_workers=1, thread_name_prefix="console-door")


@dataclass(frozen=True)
class Frame:
    """What was seen at one look; `away_since` when the database has given no answer since."""

    at: datetime
    regions: Regions = field(default_factory=dict)
    pulse: dict[str, int] = field(default_factory=dict)
    away_since: datetime | None = None


def look() -> Frame:
    """Ask the database, and draw what it says."""
    now = Snapshot.take()
    return Frame(now.at, draw_regions(now), now.pulse)


class Hub:
    """The viewers of one event loop, and what they see."""

    def __init__(self, look: Callable[[], Frame] = look) -> None:
        self._look = look
        self._task: asyncio.Task[None] | None = None
        self.frame: Frame | None = None
        #: set with the next frame, and then another one stands here
        self.changed = asyncio.Event()
        self.viewers = 0
        self.closing = False

    @property
    def is_full(self) -> bool:
        """Say whether nobody more may look in this process."""
        return self.closing or self.viewers >= MOST_VIEWERS

    @contextmanager
    def viewer(self) -> Iterator[None]:
        """Look for somebody within; the first begins, and with the last it ends."""
        self.viewers += 1
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())
        try:
            yield
        finally:
            self.viewers -= 1

    async def tick(self) -> float:
        """Look once, and show it to all; returns the seconds it took."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        looking = loop.run_in_executor(_looks, partial(_or_disconnect, self._look))
        try:
            await asyncio.wait([looking], timeout=ANSWERS_WITHIN)
            if not looking.done():
                self._show_no_answer()
            self._show(await looking)
        except Exception as error:
            log.warning("no look at what is so now", error=in_one_line(error))
            self._show_no_answer()
        return loop.time() - began

    def close(self) -> None:
        """End all streams: their pages come back to whoever serves next."""
        self.closing = True
        self._wake_all()

    async def _run(self) -> None:
        try:
            while self.viewers and not self.closing:
                took = await self.tick()
                await asyncio.sleep(max(EVERY - took, took * REST))
        finally:
            self.frame = None
            _looks.submit(connection.close)

    def _show_no_answer(self) -> None:
        before = self.frame
        since = before and (before.away_since or before.at)
        self._show(Frame(clock.now(), away_since=since or clock.now()))

    def _show(self, frame: Frame) -> None:
        self.frame = frame
        self._wake_all()

    def _wake_all(self) -> None:
        self.changed.set()
        self.changed = asyncio.Event()


async def at_the_door(work: Callable[..., Result], *args: object) -> Result:
    """Call `work` in a thread that holds no connection afterwards; returns and raises as it."""
    return await asyncio.get_running_loop().run_in_executor(_doors, _and_disconnect, work, *args)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def current_hub() -> Hub:
    """Return the hub of the running event loop: in a web process there is one."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
        on_shutdown(_hubs[loop].close)
    return _hubs[loop]


def _or_disconnect(work: Callable[[], Result]) -> Result:
    """Call `work`; a connection that has failed is not used again."""
    try:
        return work()
    except Exception:
        connection.close()
        raise


def _and_disconnect(work: Callable[..., Result], *args: object) -> Result:
    try:
        return work(*args)
    finally:
        connection.close()
