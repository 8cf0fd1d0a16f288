"""The schedule of the faults: the same for the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from devtools.chaos.faults import FAULTS, Fault

#: Seconds from one fault to the next, on average: a killed worker needs some to be back.
EVERY = 4.0
#: Which part of the run is without faults: a calm beginning and end.
CALM = 0.05
#: No fault lasts longer than this, nor than this part of the run, unless it must to be one.
LONGEST, LONGEST_PART = 60.0, 0.15


@dataclass(frozen=True)
class FaultEvent:
    """One fault, done to one target, `at` so many seconds from the start."""

    at: float
    fault: Fault
    target: str
    seconds: float

    @property
    def name(self) -> str:
        return f"{self.fault.name} {self.target}".strip()


def schedule(seed: int, seconds: float, only: Sequence[str] = ()) -> list[FaultEvent]:
    """Return the faults of a run that takes orders for `seconds`, in order of time.

    Every fault with every target comes once before any comes again; a run that is too short
    for all of them has a choice of them, each fault once before one comes with a second target.
    """
    random = Random(seed)
    faults = [fault for fault in FAULTS.values() if not only or fault.name in only]
    lasting = [fault for fault in faults if fault.lasts]
    events = [FaultEvent(0.0, each, random.choice(each.targets), seconds) for each in lasting]
    count = int(seconds * (1 - 2 * CALM) / EVERY)
    chosen = _chosen(random, [fault for fault in faults if not fault.lasts], count)
    span = seconds * (1 - 2 * CALM)
    times = sorted(seconds * CALM + random.uniform(0, span) for _ in chosen)
    for at, (fault, target) in zip(times, chosen, strict=True):
        lasts = max(_length(random, seconds), fault.at_least) if fault.takes_time else 0.0
        events.append(FaultEvent(round(at, 1), fault, target, lasts))
    return events


def _length(random: Random, seconds: float) -> float:
    """Draw how many seconds a fault lasts; short ones are likelier, so that orders go on."""
    longest = min(LONGEST, seconds * LONGEST_PART)
    return round(max(1.0, longest * random.uniform(0.2, 1) ** 2), 1)


def _chosen(random: Random, faults: Sequence[Fault], count: int) -> list[tuple[Fault, str]]:
    """Return as many faults with a target as asked for, in random order."""
    left = {fault.name: random.sample(fault.targets, len(fault.targets)) for fault in faults}
    chosen: list[tuple[Fault, str]] = []
    while len(chosen) < count and faults:
        if not any(left.values()):
            left = {
                fault.name: random.sample(fault.targets, len(fault.targets)) for fault in faults
            }
        round_of_all = [fault for fault in faults if left[fault.name]]
        random.shuffle(round_of_all)
        chosen += [(fault, left[fault.name].pop()) for fault in round_of_all]
    chosen = chosen[:count]
    random.shuffle(chosen)
    return chosen
