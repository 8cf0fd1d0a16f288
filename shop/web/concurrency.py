"""A limit to the requests worked on at a time; of one visitor no more than half of them."""

import asyncio
from contextlib import suppress
from weakref import WeakValueDictionary


class ConcurrencyLimit:
    """So many slots, and a queue for them in which nobody waits longer than `timeout` seconds."""

    def __init__(self, slots: int, timeout: float = 5.0, queue: int = 200) -> None:
        self.slots, self._timeout, self._queue = slots, timeout, queue
        self._all = asyncio.Semaphore(slots)
        # Gone with the last request that holds or waits for it.
        self._visitors: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._waiting = 0

    async def acquire(self, visitor: str) -> "Slot | None":
        """Wait for a slot, which is to be released; None when there is none in time."""
        if self._waiting >= self._queue:
            return None
        own = self._visitors.setdefault(visitor, asyncio.Semaphore(max(1, self.slots // 2)))
        slot = Slot(own, self._all)
        self._waiting += 1
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._timeout):
                    await slot.acquire()
                    return slot
        finally:
            self._waiting -= 1
        return None


class Slot:
    """The right to be worked on: one of the visitor's slots, and one of all."""

    def __init__(self, *semaphores: asyncio.Semaphore) -> None:
        self._semaphores = semaphores
        self._acquired: list[asyncio.Semaphore] = []

    async def acquire(self) -> None:
        """Acquire each semaphore in turn, or none when cancelled meanwhile."""
        try:
            for each in self._semaphores:
                await each.acquire()
                self._acquired.append(each)
        except asyncio.CancelledError:
            self.release()
            raise

    def release(self) -> None:
        """Make room for the next request; calling it again does nothing."""
        while self._acquired:
            self._acquired.pop().release()
