"""The stretch of time that the page shows, in steps that are few enough to draw."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from eventbus import clock
from eventbus.operations.throughput import APPS_KEPT

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: What is asked for by name, and what it is called.
PRESETS = {
    "1h": ("1 hour", HOUR),
    "6h": ("6 hours", 6 * HOUR),
    "24h": ("24 hours", DAY),
    "7d": ("7 days", 7 * DAY),
}
SHORTEST, LONGEST = 2 * MINUTE, timedelta(days=366)
MOST_STEPS = 84
_STEPS = (
    *(n * MINUTE for n in (1, 2, 5, 10, 20, 30)),
    *(n * HOUR for n in (1, 2, 6, 12)),
    *(n * DAY for n in (1, 2, 5)),
)
#: Apart by so much, moments are written below the charts; no more of them than fit on a phone.
_APART = (
    *(n * MINUTE for n in (1, 2, 5, 10, 20, 30)),
    *(n * HOUR for n in (1, 2, 6, 12)),
    *(n * DAY for n in (1, 2, 7, 14, 30, 91)),
)
MOST_MOMENTS = 6
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Moment:
    """A time that is written below the charts; `x` in percent of their width."""

    x: float
    label: str


@dataclass(frozen=True)
class TimeRange:
    """From when to when, in which steps. `preset` is its name, if it has one."""

    since: datetime
    until: datetime
    step: timedelta
    preset: str = ""

    @property
    def is_coarse(self) -> bool:
        """Return whether a part of it is kept by the hour only."""
        return self.since < kept_by_minute_since()

    @property
    def steps(self) -> list[datetime]:
        """Return when each step begins."""
        many = -((self.since - self.until) // self.step)
        return [self.since + n * self.step for n in range(many)]

    def minutes(self, step: datetime) -> float:
        """Return how many minutes of a step are past: the last has only begun."""
        return (min(step + self.step, self.until) - step) / MINUTE

    def x(self, moment: datetime) -> float:
        """Return where a moment is, in percent of the width."""
        return round(100 * ((moment - self.since) / (self.until - self.since)), 3)

    @property
    def moments(self) -> list[Moment]:
        """Return round times within, in the time zone that people read."""
        length = self.until - self.since
        apart = next((each for each in _APART if length / each <= MOST_MOMENTS), _APART[-1])
        begin = clock.local(self.since).replace(hour=0, minute=0, second=0, microsecond=0)
        first = begin + -((begin - self.since) // apart) * apart
        times = [first + n * apart for n in range(int((self.until - first) / apart) + 1)]
        form = "%d %b" if apart >= DAY else "%H:%M" if length <= DAY else "%d %b %H:%M"
        return [Moment(self.x(at), f"{clock.local(at):{form}}") for at in times]

    @property
    def query(self) -> list[tuple[str, str]]:
        """Return what asks for it again."""
        if self.preset:
            return [("span", self.preset)]
        return [("since", _iso(self.since)), ("until", _iso(self.until))]

    def link(self, apps: list[str]) -> str:
        """Return the query of an address that shows it, of some apps or of all."""
        return "?" + urlencode([*self.query, *(("app", app) for app in apps)])

    @property
    def earlier(self) -> "TimeRange":
        """Return as much time before it, half of which is in it."""
        half = (self.until - self.since) / 2
        return chosen(self.since - half, self.until - half)

    @property
    def later(self) -> "TimeRange | None":
        """Return as much time after it, where there is any."""
        half = min((self.until - self.since) / 2, last_minute() - self.until)
        return chosen(self.since + half, self.until + half) if half >= MINUTE else None

    @property
    def wider(self) -> "TimeRange":
        """Return three times as much around it, up to now."""
        length = min(3 * (self.until - self.since), LONGEST)
        until = min(self.until + (self.until - self.since), last_minute())
        return chosen(until - length, until)


def preset(name: str) -> TimeRange:
    """Return one of `PRESETS`, up to the last minute that is over."""
    until = last_minute()
    return chosen(until - PRESETS[name][1], until, name)


def chosen(since: datetime, until: datetime, name: str = "") -> TimeRange:
    """Return a stretch of time, whole steps of it."""
    least = HOUR if since < kept_by_minute_since() else MINUTE
    fitting = (s for s in _STEPS if s >= least and (until - since) / s <= MOST_STEPS)
    step = next(fitting, _STEPS[-1])
    begin = since - (since - _EPOCH) % step
    end = until + (_EPOCH - until) % step
    return TimeRange(begin, max(min(end, last_minute()), begin + MINUTE), step, name)


def kept_by_minute_since() -> datetime:
    """Return since when throughput is known by the minute."""
    return (clock.now() - APPS_KEPT).replace(minute=0, second=0, microsecond=0)


def last_minute() -> datetime:
    """Return when the running minute began: what is before it is counted."""
    return clock.now().replace(second=0, microsecond=0)


def _iso(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
