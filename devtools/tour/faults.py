"""What each experiment does: it begins, goes on at each turn, and is undone.

To undo is no harm a second time: whoever comes after an experimenter that was killed does it.
"""

import signal
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import datetime

from devtools.tour.programs import BROKER, Programs
from devtools.tour.trial import Trial
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.messaging import broker

#: Seconds between two kills, and between two rounds of copies.
KILL_EVERY, COPY_EVERY = 5.0, 5.0
#: Events that are published again in one round.
LAST = 100


class Fault:
    """Nothing is broken: shoppers come, and their cards are good or are not."""

    def __init__(self, trial: Trial, programs: Programs) -> None:
        self.trial, self.programs = trial, programs

    def begin(self) -> None:
        """Break it, and say in the trial what was done."""

    def go_on(self) -> None:
        """Do what is done again and again while it is broken."""

    def undo(self) -> None:
        """Make good what was broken."""

    def check(self) -> None:
        """Say what can be said only when all has settled."""


class Stop(Fault):
    """One app's worker is off."""

    def begin(self) -> None:
        self.programs.stop(self.trial.app)
        self.trial.did = f"{self.trial.app} was stopped."

    def undo(self) -> None:
        self.programs.start(self.trial.app)


class Freeze(Fault):
    """The broker stands still."""

    def begin(self) -> None:
        self.programs.signal(BROKER, signal.SIGSTOP)
        self.trial.did = "The broker was frozen."

    def undo(self) -> None:
        self.programs.signal(BROKER, signal.SIGCONT)


class Kill(Fault):
    """One app's worker is killed again and again; supervisord starts it again by itself."""

    kills, last = 0, 0.0

    def go_on(self) -> None:
        if time.monotonic() - self.last < KILL_EVERY:
            return
        self.programs.signal(self.trial.app, signal.SIGKILL)
        self.kills, self.last = self.kills + 1, time.monotonic()
        self.trial.did = f"{self.trial.app} was killed {_times(self.kills)} with kill -9."


class Twice(Fault):
    """The last events are published again."""

    copies, rounds, last = 0, 0, 0.0

    def __init__(self, trial: Trial, programs: Programs) -> None:
        super().__init__(trial, programs)
        #: when each reaction had taken effect that was done before a copy of its event came
        self.done: dict[int, datetime | None] = {}

    def go_on(self) -> None:
        if time.monotonic() - self.last < COPY_EVERY:
            return
        self._publish_again()
        self.rounds, self.last = self.rounds + 1, time.monotonic()
        self.trial.did = f"{self.copies} copies of events were sent, in {self.rounds} rounds."

    def check(self) -> None:
        if not self.done:
            return
        known = dict(_done(self.done))
        again = sum(known.get(id) != at for id, at in self.done.items())
        self.trial.did += (
            f" Of {len(self.done)} reactions that were done before, {again} were done again."
        )
        if again:
            self.trial.trouble.append(f"{again} reactions were done twice")

    def _publish_again(self) -> None:
        last = OutboxEvent.objects.exclude(published_at=None).order_by("-id")[:LAST]
        events = list(last)
        copies = Delivery.objects.filter(event__in=events)
        self.done = dict(_done(copies.values_list("id", flat=True))) | self.done
        with closing(broker.Publisher()) as publisher:
            publisher.to_exchange(event.envelope for event in events)
        self.copies += copies.values("event", "app").distinct().count()


def _done(ids: Iterable[int]) -> Iterable[tuple[int, datetime | None]]:
    """Return when each of these deliveries was done, of those that are."""
    done = Delivery.objects.filter(id__in=list(ids), state=Delivery.State.DONE)
    return done.values_list("id", "closed_at")


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


FAULTS: Mapping[str, type[Fault]] = {
    "orders": Fault,
    "stop": Stop,
    "freeze": Freeze,
    "kill": Kill,
    "decline": Fault,
    "twice": Twice,
}
