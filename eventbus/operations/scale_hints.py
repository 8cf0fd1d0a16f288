"""How many processes each app needs, from what was measured.

**What a process can do** is seen only while there is always something to do. By Little's law the
number of things in a system is their rate times the time that each is in it. So in a minute in
which an app of `c` processes did `n` reactions that took `w` from emitted to done, `n * w / 60 s`
were there at once; where that is at least `2 * c`, each process had as many waiting as it ran. The
time is the median, which a few retries do not move. Only a minute between two such minutes was
busy to its end. What a process does in a minute is the median of the last of these minutes, each
divided by the processes that there were.

**How many are needed** for `B` that wait, `a` that arrive in a minute and `m` that a process does
in a minute, so that in `T` minutes nothing waits longer than the budget's `L`: after that time
`B + a * T - p * m * T` wait, and the last of them waits that long divided by `p * m`. So

    p >= (B + a * T) / (m * (T + L))

and, so that it stays so, `p >= a / (0.8 * m)`: by the utilisation law a process is then busy 80 %
of the time; beyond that waiting grows without bound, as 1 / (1 - utilisation).

J. D. C. Little, "A Proof for the Queuing Formula L = λW", Operations Research 9 (1961); M.
Harchol-Balter, "Performance Modeling and Design of Computer Systems" (2013), chapters 6 and 13.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from django.db.models import Sum

from eventbus import clock, registry
from eventbus.operations import metrics
from eventbus.operations.models import ThroughputMinute
from eventbus.operations.service_levels import service_levels
from eventbus.operations.units import spell_duration, spell_number, spell_rate
from eventbus.operations.worker_status import Worker, workers

MINUTE = timedelta(minutes=1)
#: In how many minutes what waits is to be within the budget.
WITHIN = 10.0
#: How much of the time a process may be busy.
UTILISATION = 0.8
#: With so many for each process there at once, it never had nothing to do.
EACH_HAS = 2
#: How far back is looked for busy minutes, and how many of the last of them count.
LOOKED_BACK, COUNTED = timedelta(hours=2), 30


@dataclass(frozen=True)
class ScaleHint:
    """What an app needs: rates are per minute, `None` where they are not known."""

    app: str
    processes: int
    arrivals: float
    waiting: int
    per_process: float | None
    latency: timedelta
    is_paused: bool = False

    @property
    def wanted(self) -> int | None:
        """Return how many processes bring it back within its budget; None: not known."""
        if self.per_process is None:
            return None
        return processes_wanted(self.arrivals, self.waiting, self.per_process, self.latency)

    @property
    def is_short(self) -> bool:
        """Return whether it needs more processes than there are."""
        return not self.is_paused and (self.processes == 0 or (self.wanted or 0) > self.processes)

    @property
    def sentence(self) -> str:
        """Return what to do, in one sentence."""
        if self.is_paused:
            return "paused: what arrives waits until it is resumed"
        if not self.processes:
            return "no process is there: start one"
        if self.wanted is None:
            return self._unknown()
        return self._more(self.wanted) if self.is_short else self._enough(self.per_process or 0)

    def _unknown(self) -> str:
        if not self.waiting:
            return "nothing to do: nothing waits"
        return f"not known: it was never busy for three minutes with its {self._now}"

    def _more(self, wanted: int) -> str:
        facts = f"1 process does {spell_rate(self.per_process or 0)}, {self._arrive}"
        waits = f" and {spell_number(self.waiting)} wait" if self.waiting else ""
        brings = "bring it back" if self.waiting else "keep it within its budget"
        when = f" in {WITHIN:g} minutes" if self.waiting else ""
        return f"{facts}{waits}: {wanted} processes {brings}{when}, {wanted - self.processes} more"

    def _enough(self, per_process: float) -> str:
        spare = self.processes * per_process - self.arrivals
        facts = f"{self._now} can do {spell_rate(self.processes * per_process)}, {self._arrive}"
        if not self.waiting:
            return f"nothing to do: {facts}"
        done = spell_duration(self.waiting / spare * 60_000) if spare > 0 else ""
        ends = f", what waits is done in {done}" if done else ""
        return f"nothing to do: {facts}{ends}"

    @property
    def _now(self) -> str:
        return "1 process" if self.processes == 1 else f"{self.processes} processes"

    @property
    def _arrive(self) -> str:
        return f"{spell_rate(self.arrivals)} arrive"


def processes_wanted(
    arrivals: float, waiting: int, per_process: float, latency: timedelta, within: float = WITHIN
) -> int:
    """Return how many processes bring an app back within its budget, see this module.

    Rates are per minute, `within` is in minutes.
    """
    catch_up = (waiting + arrivals * within) / (per_process * (within + latency / MINUTE))
    keep_up = arrivals / (UTILISATION * per_process)
    return max(1, ceil(round(max(catch_up, keep_up), 6)))


def scale_hints(backlogs: Iterable[metrics.Backlog] | None = None) -> dict[str, ScaleHint]:
    """Return what each app that reacts needs, or each of which the backlog is given."""
    known, levels = workers(), service_levels()
    alive = {app: _alive(app, known) for app in registry.apps_with_reactions()}
    arrivals, done = _arrivals(), _per_process(alive)
    return {
        each.app: ScaleHint(
            each.app,
            sum(worker.seen.concurrency for worker in alive[each.app]),
            arrivals.get(each.app, 0.0),
            each.waiting,
            done.get(each.app),
            levels[each.app].latency,
            "" in each.paused,
        )
        for each in (metrics.backlogs() if backlogs is None else backlogs)
        if each.app in alive
    }


def _alive(app: str, known: Iterable[Worker]) -> list[Worker]:
    return [each for each in known if each.seen.app == app and each.state != "lost"]


def _arrivals() -> dict[str, float]:
    """Return how many reactions each app was asked for in a minute, in the last few."""
    until = clock.now().replace(second=0, microsecond=0)
    emitted = dict(
        ThroughputMinute.objects.filter(app="", minute__gte=until - metrics.RECENT)
        .filter(minute__lt=until)
        .values_list("event_type")
        .annotate(Sum("done"))
    )
    found: dict[str, float] = {}
    for type, reaction in registry.wanted():
        rate = emitted.get(type, 0) / (metrics.RECENT / MINUTE)
        found[reaction.app] = found.get(reaction.app, 0.0) + rate
    return found


def _per_process(alive: Mapping[str, Sequence[Worker]]) -> dict[str, float]:
    """Return what one process of each app does in a minute, where it was seen."""
    points = metrics.series(clock.now() - LOOKED_BACK)
    seen = {
        app: _while_busy([p for p in points if p.app == app], workers)
        for app, workers in alive.items()
    }
    return {app: median(rates[-COUNTED:]) for app, rates in seen.items() if rates}


def _while_busy(points: Sequence[metrics.Point], workers: Sequence[Worker]) -> list[float]:
    """Return what a process did in each minute that was busy to its end, by its processes."""
    busy = {point.at for point in points if _is_busy(point, _processes(workers, point.at))}
    return [
        point.done / _processes(workers, point.at)
        for point in points
        if {point.at - MINUTE, point.at, point.at + MINUTE} <= busy
    ]


def _is_busy(point: metrics.Point, processes: int) -> bool:
    return processes > 0 and point.done * (point.p50 or 0.0) / 60_000 >= EACH_HAS * processes


def _processes(workers: Iterable[Worker], at: datetime) -> int:
    """Count the processes that were there from a minute's beginning, of workers that still are."""
    return sum(each.seen.concurrency for each in workers if each.seen.started_at <= at)
