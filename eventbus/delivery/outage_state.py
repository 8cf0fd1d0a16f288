"""The outage that keeps a worker's processes from their work, for its heartbeat to report."""

import struct
import time
from dataclasses import dataclass
from datetime import timedelta
from mmap import mmap

from eventbus.exceptions import storable
from eventbus.log_privacy import mask_error

_HEAD = struct.Struct("dH")
#: Bytes of an error's text that are kept.
LONGEST = 500


@dataclass(frozen=True)
class Outage:
    """How long nothing has worked, and the last error."""

    lasted: timedelta
    error: str


class OutageState:
    """The last error, in memory shared by the process that makes it and those it forks.

    The first message that any of them finishes clears it.
    """

    def __init__(self) -> None:
        self._memory = mmap(-1, _HEAD.size + LONGEST)

    def record(self, error: str) -> None:
        """Record an error, masked: pages and alerts show it, and nobody redacts their mails."""
        since, _ = self._head()
        text = storable(mask_error(error)).encode()[:LONGEST]
        self._memory[_HEAD.size : _HEAD.size + len(text)] = text
        # Of the machine, so the same for all its processes.
        _HEAD.pack_into(self._memory, 0, since or time.monotonic(), len(text))

    def clear(self) -> None:
        if self._head()[0]:
            _HEAD.pack_into(self._memory, 0, 0.0, 0)

    def current(self) -> Outage | None:
        """Return the outage that lasts; None while there is none."""
        since, length = self._head()
        if not since:
            return None
        text = self._memory[_HEAD.size : _HEAD.size + length].decode(errors="replace")
        return Outage(timedelta(seconds=time.monotonic() - since), text)

    def _head(self) -> tuple[float, int]:
        since, length = _HEAD.unpack_from(self._memory)
        return since, length
