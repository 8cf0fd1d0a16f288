"""The rule that every event reaches every reaction registered for it."""

from dataclasses import dataclass

from eventbus import registry
from shop.audit.rules.rule import MAX_EXAMPLES, Finding, rows


@dataclass(frozen=True)
class ReactionCounts:
    """Numbers of deliveries: `expected` is the sum of the others, unless some are lost."""

    expected: int
    handled: int
    waiting: int
    parked: int


EXPECTED = """
    with wanted as (
        select * from unnest(%s::text[], %s::text[], %s::text[]) as w (type, app, reaction)
    ),
    joined as (
        select app, reaction, min(event_id::text)::uuid as first
        from eventbus_delivery group by app, reaction
    ),
    expected as (
        select e.id, e.type, w.app, w.reaction, d.state
        from eventbus_outboxevent e
        join wanted w on w.type = e.type
        join joined j on j.app = w.app and j.reaction = w.reaction and e.id >= j.first
        left join eventbus_delivery d
            on d.event_id = e.id and d.app = w.app and d.reaction = w.reaction
        where e.published_at is not null
    )
"""
COUNTED = """
    select count(*),
        count(*) filter (where state in ('done', 'discarded', 'muted')),
        count(*) filter (where state in ('waiting', 'failed')),
        count(*) filter (where state = 'parked')
    from expected
"""
MISSING = f"""
    select type, id, app || '.' || reaction from expected where state is null limit {MAX_EXAMPLES}
"""


def count_reactions() -> ReactionCounts:
    """Count the deliveries expected for the events published so far, by state.

    Of an app that joined later, they are expected since its first delivery.
    """
    return ReactionCounts(*rows(f"{EXPECTED} {COUNTED}", _registered())[0])


def check_coverage(counts: ReactionCounts) -> Finding:
    """Find deliveries that are missing."""
    missing = [
        f"{row[0]} {row[1]}: {row[2]}" for row in rows(f"{EXPECTED} {MISSING}", _registered())
    ]
    return Finding(
        "every event reached every reaction that wants it: handled + waiting + parked add up",
        counts.expected,
        counts.expected - counts.handled - counts.waiting - counts.parked,
        missing,
        "lost",
    )


def _registered() -> list[list[str]]:
    wanted = [(type, reaction.app, reaction.name) for type, reaction in registry.all_reactions()]
    return [list(column) for column in zip(*wanted, strict=True)]
