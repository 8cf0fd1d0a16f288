"""The choreography as it is in the code, with what goes on at each of its arrows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count

from eventbus import clock, registry
from eventbus.console.map.checks import observers as observers_of_all
from eventbus.console.map.follow import follow as followed
from eventbus.operations import failures, metrics
from eventbus.operations.metrics import RECENT
from eventbus.operations.units import spell_rate
from eventbus.registry import Reaction, app_label, short_name

#: How far back "last seen" looks.
LAST_SEEN_WITHIN = timedelta(days=7)
#: An event that has waited so long for a reaction waits; before, it is on its way.
WAITS_AFTER = timedelta(seconds=5)
MINUTE = timedelta(minutes=1)

#: What may be on an arrow, the worst last.
QUIET, FLOWING, WAITS, FAILED = STATES = ("quiet", "flowing", "waits", "failed")


#: Deliveries that are looked at of those that wait for a reaction: an app may be far behind.
LOOKED_AT = 200
_OLDEST = """
    select e.type, r.app, r.reaction, min(d.waiting_since)
    from unnest(%s::text[], %s::text[]) as r (app, reaction)
    cross join lateral (
        select event_id, waiting_since from eventbus_delivery
        where app = r.app and reaction = r.reaction and state in ('waiting', 'failed')
        order by waiting_since limit %s
    ) d
    join eventbus_outboxevent e on e.id = d.event_id
    group by 1, 2, 3
"""

#: An event's type, an app and its reaction.
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Arrow:
    """From an event to a reaction to it."""

    event_type: str
    app: str
    reaction: str
    #: what it may emit, by its name on the wire
    emits: tuple[str, ...]
    per_minute: float
    #: of its attempts in the last minutes, those that failed
    failures: int
    last: datetime | None
    #: deliveries that failed or are parked
    failed_or_parked: int
    #: since when the oldest of those that wait longest has waited
    oldest: datetime | None

    @property
    def rate(self) -> str:
        return rate(self.per_minute)

    @property
    def state(self) -> str:
        """Return one of `STATES`."""
        if self.failed_or_parked:
            return FAILED
        if self.oldest and self.oldest < clock.now() - WAITS_AFTER:
            return WAITS
        return FLOWING if self.per_minute else QUIET

    @property
    def emitted_names(self) -> list[str]:
        """Return the types it may emit, without the app, which is its own."""
        return [short_name(type) for type in self.emits]

    @property
    def summary(self) -> str:
        """Sum up what is known of it, in a line."""
        parts = [rate(self.per_minute)] if self.per_minute else []
        if self.oldest:
            parts.append(f"waits since {clock.local(self.oldest):%H:%M:%S}")
        if self.failed_or_parked:
            parts.append(f"{self.failed_or_parked} failed")
        if self.failures:
            parts.append(f"{self.failures} attempts failed lately")
        if self.last:
            parts.append(f"last {clock.local(self.last):%d %b %H:%M}")
        return ", ".join(parts) or "not seen yet"


@dataclass(frozen=True)
class MapEvent:
    """An event, how often it is emitted, and who reacts to it."""

    type: str
    per_minute: float
    arrows: list[Arrow]

    @property
    def name(self) -> str:
        """Its name within its app, with its kind where it is no fact."""
        return short_name(self.type)

    @property
    def state(self) -> str:
        """Return the worst state of its arrows."""
        return worst(self.arrows)

    @property
    def rate(self) -> str:
        return rate(self.per_minute)


@dataclass(frozen=True)
class Choreography:
    """Who emits what, and every arrow; `observers` are apps that react to every event."""

    events: dict[str, list[str]]
    emitted_per_minute: dict[str, float]
    arrows: list[Arrow]
    observers: list[str]

    @property
    def by_app(self) -> list[tuple[str, list[MapEvent]]]:
        """Each app with its events, and who reacts; observers last."""
        arrows: dict[str, list[Arrow]] = defaultdict(list)
        for arrow in sorted(self.arrows, key=lambda arrow: arrow.app in self.observers):
            arrows[arrow.event_type].append(arrow)
        return [
            (
                app,
                [
                    MapEvent(type, self.emitted_per_minute.get(type, 0.0), arrows[type])
                    for type in types
                ],
            )
            for app, types in self.events.items()
        ]

    @property
    def orphans(self) -> list[str]:
        """The events that nobody reacts to, but for those who react to all."""
        heard = {arrow.event_type for arrow in self.arrows if arrow.app not in self.observers}
        return [type for types in self.events.values() for type in types if type not in heard]


def choreography(app: str = "", follow: str = "", *, observers: bool = True) -> Choreography:
    """Return the whole choreography, what one app emits and reacts to, or what comes of an event.

    Both are names that there are. Without `observers` apps that react to everything are left out,
    but the one that is asked for.
    """
    pairs = list(registry.all_reactions())
    types = _of(app, pairs) if app else set(registry.event_types())
    if follow:
        types &= set(followed(follow).types)
    everywhere = observers_of_all()
    left_out = set() if observers else {*everywhere} - {app}
    own = [
        (type, reaction)
        for type, reaction in pairs
        if type in types and app in ("", reaction.app, app_label(type))
        if reaction.app not in left_out
    ]
    now = clock.now()
    emitted = metrics.emitted(now - RECENT)
    return Choreography(
        _by_app(sorted(types)),
        {type: found.events / (RECENT / MINUTE) for type, found in emitted.items()},
        _arrows(own, now),
        everywhere,
    )


def worst(arrows: Iterable[Arrow]) -> str:
    """Return the worst state of these arrows."""
    return max((arrow.state for arrow in arrows), key=STATES.index, default=QUIET)


def rate(per_minute: float) -> str:
    """Return how often something happens; nothing where it does not."""
    return spell_rate(per_minute) if per_minute else ""


def _of(app: str, pairs: Iterable[tuple[str, Reaction]]) -> set[str]:
    """Return the types that an app emits or reacts to."""
    types = {type for type, reaction in pairs if reaction.app == app}
    return types | {type for type in registry.event_types() if app_label(type) == app}


def _by_app(types: Iterable[str]) -> dict[str, list[str]]:
    by_app: dict[str, list[str]] = defaultdict(list)
    for type in types:
        by_app[app_label(type)].append(type)
    return dict(by_app)


def _arrows(pairs: list[tuple[str, Reaction]], now: datetime) -> list[Arrow]:
    recent = {(r.event_type, r.app, r.reaction): r for r in metrics.rates(now - RECENT)}
    ever = {
        (r.event_type, r.app, r.reaction): r.last for r in metrics.rates(now - LAST_SEEN_WITHIN)
    }
    troubled, oldest = _failed_or_parked(), _oldest(pairs)
    return [
        Arrow(
            *(key := (type, reaction.app, reaction.name)),
            emits=tuple(reaction.emitted_types),
            per_minute=recent[key].done / (RECENT / MINUTE) if key in recent else 0.0,
            failures=recent[key].failures if key in recent else 0,
            last=ever.get(key),
            failed_or_parked=troubled.get(key, 0),
            oldest=oldest.get(key),
        )
        for type, reaction in pairs
    ]


def _failed_or_parked() -> dict[Key, int]:
    rows = failures.failed_or_parked().order_by().values_list("event__type", "app", "reaction")
    counted = rows.annotate(Count("id"))
    return {(type, app, reaction): count for type, app, reaction, count in counted}


def _oldest(pairs: Iterable[tuple[str, Reaction]]) -> dict[Key, datetime]:
    """Return since when each type of event has waited for each reaction."""
    asked = sorted({(reaction.app, reaction.name) for _, reaction in pairs})
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST, [*([row[column] for row in asked] for column in (0, 1)), LOOKED_AT])
        return {(type, app, name): oldest for type, app, name, oldest in cursor.fetchall()}
