"""Places for requests: so many are worked on at a time, and of one visitor no more than half."""

import asyncio
from contextlib import suppress
from weakref import WeakValueDictionary


class Lane:
    """Places, and a queue for them in which nobody stands longer than `patience` seconds."""

    def __init__(self, places: int, patience: float = 5.0, queue: int = 200) -> None:
        self.places, self._patience, self._queue = places, patience, queue
        self._all = asyncio.Semaphore(places)
        # Gone with the last request that holds or waits for it.
        self._visitors: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._waiting = 0

    async def enter(self, who: str) -> "Place | None":
        """A place, to be left again; None when there is none in time."""
        if self._waiting >= self._queue:
            return None
        mine = self._visitors.setdefault(who, asyncio.Semaphore(max(1, self.places // 2)))
        place = Place(mine, self._all)
        self._waiting += 1
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience):
                    await place.take()
                    return place
        finally:
            self._waiting -= 1
        return None


class Place:
    """One visitor's, of all."""

    def __init__(self, *of: asyncio.Semaphore) -> None:
        self._of = of
        self._taken: list[asyncio.Semaphore] = []

    async def take(self) -> None:
        try:
            for each in self._of:
                await each.acquire()
                self._taken.append(each)
        except asyncio.CancelledError:
            self.leave()
            raise

    def leave(self) -> None:
        """Make room for the next; again is no harm."""
        while self._taken:
            self._taken.pop().release()
