"""The schedule of the faults: the same for the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from devtools.chaos.faults import FAULTS, Fault
from devtools.chaos.load import RATE

#: Seconds from one fault to the next, on average: a killed worker needs some to be back. Fewer
#: where a full run could not have every fault with every target otherwise.
EVERY = 4.0
#: The seconds of a full run, in which 2,000 shoppers order.
FULL_RUN = 60.0 * 2000 / RATE
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

    A full run has every fault with every target, and each of them once before any comes again.
    A shorter one has as many faults a minute, each once before one comes with a second target.
    Successive seeds have another app off. What is off cannot be killed, so it is no target then.
    """
    random = Random(seed)
    faults = [fault for fault in FAULTS.values() if not only or fault.name in only]
    lasting = [fault for fault in faults if fault.lasts]
    events = [FaultEvent(0.0, f, f.targets[seed % len(f.targets)], seconds) for f in lasting]
    passing = _targets([fault for fault in faults if not fault.lasts], {e.target for e in events})
    span = seconds * (1 - 2 * CALM)
    chosen = _chosen(random, passing, round(span / _interval(passing)))
    times = sorted(seconds * CALM + random.uniform(0, span) for _ in chosen)
    for at, (fault, target) in zip(times, chosen, strict=True):
        lasts = max(_length(random, seconds), fault.at_least) if fault.takes_time else 0.0
        events.append(FaultEvent(round(at, 1), fault, target, lasts))
    return events


def _targets(faults: Sequence[Fault], off: set[str]) -> dict[Fault, list[str]]:
    """Return the targets that each fault can have while the apps of `off` do not run."""
    return {
        fault: [each for each in fault.targets if not (fault.needs_running and each in off)]
        for fault in faults
    }


def _interval(targets: dict[Fault, list[str]]) -> float:
    """Return the seconds from one fault to the next, on average."""
    count = sum(map(len, targets.values())) or 1
    return min(EVERY, FULL_RUN * (1 - 2 * CALM) / count)


def _length(random: Random, seconds: float) -> float:
    """Draw how many seconds a fault lasts; short ones are likelier, so that orders go on."""
    longest = min(LONGEST, seconds * LONGEST_PART)
    return round(max(1.0, longest * random.uniform(0.2, 1) ** 2), 1)


def _chosen(random: Random, targets: dict[Fault, list[str]], count: int) -> list[tuple[Fault, str]]:
    """Return as many faults with a target as asked for, in random order."""
    left: dict[Fault, list[str]] = {}
    chosen: list[tuple[Fault, str]] = []
    while len(chosen) < count and any(targets.values()):
        if not any(left.values()):
            left = {fault: random.sample(each, len(each)) for fault, each in targets.items()}
        round_of_all = [fault for fault in left if left[fault]]
        random.shuffle(round_of_all)
        chosen += [(fault, left[fault].pop()) for fault in round_of_all]
    chosen = chosen[:count]
    random.shuffle(chosen)
    return chosen
