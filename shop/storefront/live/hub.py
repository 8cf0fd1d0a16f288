"""Who watches which order in this process, and what they are shown."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary, WeakValueDictionary

import structlog
from django.conf import settings
from django.utils import timezone

from shop.storefront.live.ending import before_the_end
from shop.storefront.live.listener import listen
from shop.storefront.live.rendering import rendered
from shop.storefront.live.room import room
from shop.storefront.story import Fragment

log = structlog.get_logger("shop.live")

#: Seconds to wait after a change for others that come with it.
TOGETHER = 0.1
#: Seconds after which an order is looked at although nobody announced a change.
LOOK_AGAIN = 300.0
#: For so many looks at orders a minute that a visitor has, one page of theirs may stay open.
LOOKS_PER_STREAM = 3
#: Seconds until another attempt when an order could not be looked at.
TRY_AGAIN = 5.0


class Watched:
    """An order in one language, as all who watch it are shown it."""

    def __init__(self, order_id: UUID, language: str) -> None:
        self.order_id, self.language = order_id, language
        self.shown: Fragment | None = None
        #: set with the next change, and then another one stands here
        self.changed = asyncio.Event()
        self.stale = True
        self.timer: asyncio.TimerHandle | None = None
        self._one_at_a_time = asyncio.Lock()

    async def look(self) -> Fragment:
        """The story as it is, rendered once for all who ask. Raises `UnknownOrder`."""
        async with self._one_at_a_time:
            if self.stale or self.shown is None:
                self.stale = False
                self._show(await rendered(self.order_id, self.language))
            assert self.shown is not None
            return self.shown

    def tell(self) -> None:
        """Wake all who watch."""
        self.changed.set()
        self.changed = asyncio.Event()

    def _show(self, fragment: Fragment) -> None:
        before, self.shown = self.shown, fragment
        if before is None or before.version != fragment.version:
            self.tell()


class Hub:
    """All that is watched by way of one event loop."""

    def __init__(self) -> None:
        # A stream holds what it watches; with the last one it is gone from here too.
        self._watched: WeakValueDictionary[tuple[str, str], Watched] = WeakValueDictionary()
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = room()
        #: open streams by visitor
        self._of: Counter[str] = Counter()
        self.closing = False
        self._start(listen(self.poke, self._poke_all))
        before_the_end(self.close)

    @property
    def full(self) -> bool:
        return self.closing or self.streams >= self._room

    @property
    def streams(self) -> int:
        return self._of.total()

    def has_enough(self, visitor: str) -> bool:
        """Whether one visitor has as many streams as leave some to the others."""
        return self._of[visitor] >= settings.RATE_LIMITS["order"].tries // LOOKS_PER_STREAM

    @contextmanager
    def one_more_of(self, visitor: str) -> Iterator[None]:
        """Count a stream for as long as it is open."""
        self._of[visitor] += 1
        try:
            yield
        finally:
            self._of[visitor] -= 1
            if not self._of[visitor]:
                del self._of[visitor]

    async def watch(self, order_id: UUID, language: str) -> Watched:
        """The order as it is now, to be watched as long as it is held. Raises `UnknownOrder`."""
        key = (str(order_id), language)
        watched = self._watched.get(key) or Watched(order_id, language)
        self._watched[key] = watched
        self._look_again(watched, await watched.look())
        return watched

    def poke(self, subject: str) -> None:
        """Something has happened to what this is the id of: an order, perhaps, and watched."""
        for language, _ in settings.LANGUAGES:
            watched = self._watched.get((subject, language))
            if watched and not watched.stale:
                watched.stale = True
                self._start(self._renew(watched))

    def close(self) -> None:
        """End all streams: their pages come back to whoever serves next."""
        self.closing = True
        for watched in list(self._watched.values()):
            watched.tell()

    def _poke_all(self) -> None:
        for order_id, _ in list(self._watched):
            self.poke(order_id)

    async def _renew(self, watched: Watched) -> None:
        await asyncio.sleep(TOGETHER)
        try:
            self._look_again(watched, await watched.look())
        except Exception as error:
            log.warning("live page not renewed", order_id=watched.order_id, error=repr(error))
            self._set_timer(watched, TRY_AGAIN)

    def _look_again(self, watched: Watched, shown: Fragment) -> None:
        """Renew it when its words change with the time, and now and then."""
        self._set_timer(watched, min(_seconds_until(shown.turns_at), LOOK_AGAIN))

    def _set_timer(self, watched: Watched, seconds: float) -> None:
        if watched.timer:
            watched.timer.cancel()
        loop = asyncio.get_running_loop()
        watched.timer = loop.call_later(seconds, self.poke, str(watched.order_id))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub_of_this_loop() -> Hub:
    """The hub of the running event loop: in a web process there is one."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


def _seconds_until(moment: datetime | None) -> float:
    if moment is None:
        return LOOK_AGAIN
    return max((moment - timezone.now()).total_seconds(), 0) + TOGETHER
