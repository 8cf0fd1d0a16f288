"""How long the steps of a story usually take, and how long such a story takes as a whole.

The steps are known by the counts of the last minutes, the whole by the last stories that ended
alike: a bounded look-up by index each, however long the history is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from statistics import quantiles
from typing import NamedTuple

from django.db import connection

from eventbus import clock
from eventbus.console.story_nodes import Reaction, Story, StoryEvent
from eventbus.delivery.models import Delivery
from eventbus.operations.metrics import percentiles
from eventbus.operations.throughput import SUMMED_HISTOGRAM

#: Rows of counts that are read of each type of event: some twenty minutes of a busy one.
ROWS = 200
#: Fewer reactions, or stories, say nothing about what is usual.
FEWEST, FEWEST_STORIES = 20, 5
#: In twenty reactions one is above what nearly all take: it is slow from so many medians on.
SLOW = 2
MILLISECOND = timedelta(milliseconds=1)
#: A person decided how long the others took.
COMPARED = (Delivery.State.DONE, *Delivery.OPEN)
#: Stories that ended last, which are compared.
STORIES = 50

_STEPS = f"""
    select event_type, app, reaction, sum(done)::bigint, {SUMMED_HISTOGRAM}
    from unnest(%s::text[]) as known (type) cross join lateral (
        select event_type, app, reaction, done, latency_histogram
        from eventbus_operations_throughputminute
        where event_type = known.type and app <> '' order by minute desc limit %s
    ) counted group by 1, 2, 3
"""
#: A correlation id is the id of a story's first event.
_WHOLE = """
    select extract(epoch from ended.occurred_at - began.occurred_at) * 1000
    from (
        select correlation_id, occurred_at from eventbus_outboxevent
        where type = %s order by occurred_at desc limit %s
    ) ended
    cross join lateral (
        select occurred_at from eventbus_outboxevent where id = ended.correlation_id
    ) began
"""


class Step(NamedTuple):
    """A reaction to a type of event."""

    type: str
    app: str
    reaction: str


@dataclass(frozen=True)
class Usual:
    """How long something took lately, in milliseconds: half of it, and nearly all, at most."""

    median: int
    most: int
    count: int


@dataclass(frozen=True)
class Comparison:
    """A story beside usual ones.

    `whole` is how long stories take until an event of the type `end`, `took_ms` how long this one
    did, or has up to now. Of `steps` reactions it is known how long they usually take; `slow` are
    those that took longer.
    """

    end: str
    is_ended: bool
    took_ms: int
    whole: Usual | None
    steps: int
    slow: list[tuple[StoryEvent, Reaction]]

    @property
    def is_slow(self) -> bool:
        """Whether it takes longer than nearly all stories do."""
        return self.whole is not None and self.took_ms > self.whole.most


def compare(story: Story) -> Comparison:
    """Compare a story to usual ones; what is known of its reactions is noted at each."""
    events, ended_by = story.all_events, story.ended_by
    usual = usual_steps(event.type for event in events)
    pairs = [(event, reaction) for event in events for reaction in event.reactions]
    known = [pair for pair in pairs if _note(*pair, usual)]
    end = ended_by.type if ended_by else next(iter(story.ends), "")
    return Comparison(
        end,
        ended_by is not None,
        ended_by.offset_ms if ended_by else round((clock.now() - story.began) / MILLISECOND),
        usual_whole(end),
        len(known),
        [(event, reaction) for event, reaction in known if reaction.is_slow],
    )


def usual_steps(types: Iterable[str]) -> dict[Step, Usual]:
    """Return how long each reaction to these types of event took lately, from due to done."""
    with connection.cursor() as cursor:
        cursor.execute(_STEPS, [sorted(set(types)), ROWS])
        found = cursor.fetchall()
    return {
        Step(*step): _usual(count, histogram)
        for *step, count, histogram in found
        if count >= FEWEST
    }


def usual_whole(end: str) -> Usual | None:
    """Return how long the last stories took that ended with an event of this type."""
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE, [end, STORIES])
        took = [float(ms) for (ms,) in cursor.fetchall()]
    if len(took) < FEWEST_STORIES:
        return None
    twentieths = quantiles(took, n=20, method="inclusive")
    return Usual(round(twentieths[9]), round(twentieths[18]), len(took))


def _usual(count: int, histogram: list[int]) -> Usual:
    found = percentiles([int(number) for number in histogram])
    return Usual(round(found["p50"] or 0), round(found["p95"] or 0), count)


def _note(event: StoryEvent, reaction: Reaction, usual: dict[Step, Usual]) -> bool:
    """Note at a reaction how long it usually takes; return whether that is known."""
    known = usual.get(Step(event.type, reaction.app, reaction.name))
    if known is None or reaction.state not in COMPARED:
        return False
    reaction.usual_ms = known.median
    reaction.is_slow = reaction.took_ms > max(known.most, SLOW * known.median)
    return True
