"""Injects the faults of a schedule, each at its time, in a thread of its own."""

import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from devtools.chaos.schedule import FaultEvent
from devtools.chaos.system_under_test import SystemUnderTest


@dataclass
class InjectedFault:
    """An injected fault: its seconds from the start, and what hindered it, if anything."""

    event: FaultEvent
    began: float
    ended: float | None = None
    trouble: str = ""


class FaultInjector:
    """Injects faults as scheduled; `report` gets a line about each."""

    def __init__(
        self, sut: SystemUnderTest, events: Sequence[FaultEvent], report: Callable[[str], None]
    ) -> None:
        self.injected: list[InjectedFault] = []
        self._sut, self._events, self._report = sut, events, report
        self._threads: list[threading.Thread] = []

    @property
    def size(self) -> int:
        """Return how many faults are scheduled."""
        return len(self._events)

    def run(self, began: float) -> None:
        """Inject everything; returns when the last fault is over. `began`: on time.monotonic."""
        for event in self._events:
            time.sleep(max(0.0, began + event.at - time.monotonic()))
            lasts = f", {event.seconds:g} s" if event.fault.takes_time else ""
            self._report(f"{event.name}{lasts}")
            injected = InjectedFault(event, time.monotonic() - began)
            self.injected.append(injected)
            thread = threading.Thread(target=self._inject, args=[injected, began], daemon=True)
            thread.start()
            self._threads.append(thread)
        for thread in self._threads:
            thread.join()

    def _inject(self, injected: InjectedFault, began: float) -> None:
        from django.db import connections

        event = injected.event
        try:
            event.fault.inject(self._sut, event.target, event.seconds)
        except Exception as error:
            # Another fault was in its way: told, and part of the report.
            injected.trouble = traceback.format_exception_only(error)[-1].partition("\n")[0]
            self._report(f"{event.name} did not go to its end: {injected.trouble}")
        finally:
            injected.ended = time.monotonic() - began
            connections.close_all()
