"""Broadcasts each change of an order's page to all browsers of this process that have it open."""

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

from eventbus.operations.streaming import on_shutdown
from shop.storefront.live.listener import listen
from shop.storefront.live.rendering import rendered
from shop.storefront.live.stream_limit import stream_limit
from shop.storefront.progress import Fragment

log = structlog.get_logger("shop.live")

#: Seconds to wait after a change for others that come with it.
DEBOUNCE = 0.1
#: Seconds after which a page is rendered anew although nobody announced a change.
REFRESH_AFTER = 300.0
#: For so many requests of order pages a minute that a visitor has, one page may stay open.
REQUESTS_PER_STREAM = 3
#: Seconds until another attempt when a page could not be rendered.
RETRY_AFTER = 5.0


class Channel:
    """An order's page in one language, rendered once for all streams that show it."""

    def __init__(self, order_id: UUID, language: str) -> None:
        self.order_id, self.language = order_id, language
        self.shown: Fragment | None = None
        #: set with the next change, and then another one stands here
        self.changed = asyncio.Event()
        self.stale = True
        self.timer: asyncio.TimerHandle | None = None
        self._one_at_a_time = asyncio.Lock()

    async def fragment(self) -> Fragment:
        """Return the page as it is, rendered once for all who ask. Raises `UnknownOrder`."""
        async with self._one_at_a_time:
            if self.stale or self.shown is None:
                self.stale = False
                self._show(await rendered(self.order_id, self.language))
            assert self.shown is not None
            return self.shown

    def wake_all(self) -> None:
        """Wake all streams of this channel."""
        self.changed.set()
        self.changed = asyncio.Event()

    def _show(self, fragment: Fragment) -> None:
        before, self.shown = self.shown, fragment
        if before is None or before.version != fragment.version:
            self.wake_all()


class Broadcaster:
    """The open streams of one event loop, and the channels they show."""

    def __init__(self) -> None:
        # A stream holds its channel; with the last one it is gone from here too.
        self._channels: WeakValueDictionary[tuple[str, str], Channel] = WeakValueDictionary()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stream_limit = stream_limit()
        #: open streams by visitor
        self._of: Counter[str] = Counter()
        self.closing = False
        self._start(listen(self.notify, self._notify_all))
        on_shutdown(self.close)

    @property
    def is_full(self) -> bool:
        """Say whether no stream more may be opened in this process."""
        return self.closing or self.streams >= self._stream_limit

    @property
    def streams(self) -> int:
        """Count the open streams."""
        return self._of.total()

    def has_too_many_streams(self, visitor: str) -> bool:
        """Say whether a visitor has as many streams as one may have."""
        return self._of[visitor] >= settings.RATE_LIMITS["order"].max_hits // REQUESTS_PER_STREAM

    @contextmanager
    def count_stream(self, visitor: str) -> Iterator[None]:
        """Count a stream for as long as it is open."""
        self._of[visitor] += 1
        try:
            yield
        finally:
            self._of[visitor] -= 1
            if not self._of[visitor]:
                del self._of[visitor]

    async def subscribe(self, order_id: UUID, language: str) -> Channel:
        """Return the order's channel, up to date while it is held. Raises `UnknownOrder`."""
        key = (str(order_id), language)
        channel = self._channels.get(key) or Channel(order_id, language)
        self._channels[key] = channel
        self._schedule_refresh(channel, await channel.fragment())
        return channel

    def notify(self, subject: str) -> None:
        """Render the channels of this subject anew, if it is an order that somebody watches."""
        for language, _ in settings.LANGUAGES:
            channel = self._channels.get((subject, language))
            if channel and not channel.stale:
                channel.stale = True
                self._start(self._refresh(channel))

    def close(self) -> None:
        """End all streams: their pages come back to whoever serves next."""
        self.closing = True
        for channel in list(self._channels.values()):
            channel.wake_all()

    def _notify_all(self) -> None:
        for order_id, _ in list(self._channels):
            self.notify(order_id)

    async def _refresh(self, channel: Channel) -> None:
        await asyncio.sleep(DEBOUNCE)
        try:
            self._schedule_refresh(channel, await channel.fragment())
        except Exception as error:
            log.warning("live page not rendered", order_id=channel.order_id, error=repr(error))
            self._set_timer(channel, RETRY_AFTER)

    def _schedule_refresh(self, channel: Channel, shown: Fragment) -> None:
        """Render it anew when its words change with the time, and now and then."""
        self._set_timer(channel, min(_seconds_until(shown.next_change_at), REFRESH_AFTER))

    def _set_timer(self, channel: Channel, seconds: float) -> None:
        if channel.timer:
            channel.timer.cancel()
        loop = asyncio.get_running_loop()
        channel.timer = loop.call_later(seconds, self.notify, str(channel.order_id))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


_broadcasters: WeakKeyDictionary[asyncio.AbstractEventLoop, Broadcaster] = WeakKeyDictionary()


def current_broadcaster() -> Broadcaster:
    """Return the broadcaster of the running event loop: in a web process there is one."""
    loop = asyncio.get_running_loop()
    if loop not in _broadcasters:
        _broadcasters[loop] = Broadcaster()
    return _broadcasters[loop]


def _seconds_until(moment: datetime | None) -> float:
    if moment is None:
        return REFRESH_AFTER
    return max((moment - timezone.now()).total_seconds(), 0) + DEBOUNCE
