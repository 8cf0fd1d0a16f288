"""The faults of a schedule, each in a thread of its own, struck at its time."""

import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from devtools.chaos.schedule import Strike
from devtools.chaos.world import World


@dataclass
class Struck:
    """What a strike came to: seconds from the start, and what hindered it, if anything."""

    strike: Strike
    began: float
    ended: float | None = None
    trouble: str = ""


class Storm:
    """Strikes as the schedule says; `tell` is told of each."""

    def __init__(
        self, world: World, strikes: Sequence[Strike], tell: Callable[[str], None]
    ) -> None:
        self.struck: list[Struck] = []
        self._world, self._strikes, self._tell = world, strikes, tell
        self._threads: list[threading.Thread] = []

    @property
    def size(self) -> int:
        """How many faults will strike."""
        return len(self._strikes)

    def run(self, began: float) -> None:
        """Strike everything; returns when the last fault is over. `began`: on time.monotonic."""
        for strike in self._strikes:
            time.sleep(max(0.0, began + strike.at - time.monotonic()))
            lasts = f", {strike.seconds:g} s" if strike.fault.takes_time else ""
            self._tell(f"{strike.name}{lasts}")
            struck = Struck(strike, time.monotonic() - began)
            self.struck.append(struck)
            thread = threading.Thread(target=self._strike, args=[struck, began], daemon=True)
            thread.start()
            self._threads.append(thread)
        for thread in self._threads:
            thread.join()

    def _strike(self, struck: Struck, began: float) -> None:
        from django.db import connections

        strike = struck.strike
        try:
            strike.fault.strike(self._world, strike.target, strike.seconds)
        except Exception as error:
            # Another fault was in its way: told, and part of the report.
            struck.trouble = traceback.format_exception_only(error)[-1].partition("\n")[0]
            self._tell(f"{strike.name} did not go to its end: {struck.trouble}")
        finally:
            struck.ended = time.monotonic() - began
            connections.close_all()
