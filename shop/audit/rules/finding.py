"""What a rule found, and how it asks."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

#: Violations shown of each rule.
EXAMPLES = 5

#: Orders with nothing under way: no event of theirs unpublished, no delivery open or parked.
SETTLED = """
    busy as materialized (
        select e.subject, e.correlation_id, e.data->>'order_id' as order_id
        from eventbus_outboxevent e
        where e.published_at is null and e.publish_after <= now()
        union all
        select e.subject, e.correlation_id, e.data->>'order_id'
        from eventbus_delivery d join eventbus_outboxevent e on e.id = d.event_id
        where d.state in ('waiting', 'failed', 'parked')
    ),
    settled as materialized (
        select o.* from orders_order o
        where o.id::text not in (select subject from busy)
        and o.id::text not in (select order_id from busy where order_id is not null)
        and o.id::text not in (
            select p.subject from eventbus_outboxevent p
            where p.type = 'orders.OrderPlaced'
            and p.correlation_id in (select correlation_id from busy)
        )
    )
"""

#: Orders placed before it may have events in archived months, where no rule sees them.
KEPT_SINCE = "(select coalesce(max(until), '-infinity') from eventbus_history_archivedmonth)"
#: The lowest id of an event since then.
KEPT_ID = f"""
    (select rpad(lpad(to_hex(
        (extract(epoch from greatest({KEPT_SINCE}, 'epoch')) * 1000)::bigint
    ), 12, '0'), 32, '0')::uuid)
"""


@dataclass(frozen=True)
class Finding:
    """What one rule found. `examples` name the first violations."""

    rule: str
    checked: int
    violations: int
    examples: list[str]
    #: `lost` or `doubled`, where breaking the rule is just that
    promise: str = ""

    @property
    def ok(self) -> bool:
        return not self.violations


@dataclass(frozen=True)
class Query:
    """A rule in SQL: `checked` counts what it looks at, `violating` names what breaks it."""

    rule: str
    checked: str
    violating: str
    needs_settled: bool = False
    promise: str = ""

    def find(self) -> Finding:
        prefix = f"with {SETTLED} " if self.needs_settled else ""
        examples = [str(row[0]) for row in rows(prefix + self.violating)]
        (checked,) = rows(prefix + self.checked)[0]
        return Finding(self.rule, checked, len(examples), examples[:EXAMPLES], self.promise)


def rows(sql: str, parameters: list[Any] | None = None) -> list[tuple]:
    """All rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
