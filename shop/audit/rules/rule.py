"""A rule of the audit as two SQL queries, and its finding."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

#: Violations of a rule that are shown.
MAX_EXAMPLES = 5

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

#: Orders placed before this may have events in archived months, where no rule sees them.
ARCHIVED_UNTIL = "(select coalesce(max(until), '-infinity') from eventbus_history_archivedmonth)"
#: The lowest possible id of an event since then.
FIRST_KEPT_ID = f"""
    (select rpad(lpad(to_hex(
        (extract(epoch from greatest({ARCHIVED_UNTIL}, 'epoch')) * 1000)::bigint
    ), 12, '0'), 32, '0')::uuid)
"""


@dataclass(frozen=True)
class Finding:
    """The result of checking one rule. `examples` name the first violations."""

    rule: str
    checked: int
    violations: int
    examples: list[str]
    #: `lost` or `doubled`, if breaking the rule means that
    promise: str = ""

    @property
    def ok(self) -> bool:
        return not self.violations


@dataclass(frozen=True)
class Rule:
    """A rule in SQL: `checked` counts the rows it is about, `violating` names those that break it.

    With `needs_settled`, both may use the table `settled`.
    """

    name: str
    checked: str
    violating: str
    needs_settled: bool = False
    promise: str = ""

    def check(self) -> Finding:
        """Run both queries."""
        prefix = f"with {SETTLED} " if self.needs_settled else ""
        examples = [str(row[0]) for row in rows(prefix + self.violating)]
        (checked,) = rows(prefix + self.checked)[0]
        return Finding(self.name, checked, len(examples), examples[:MAX_EXAMPLES], self.promise)


def rows(sql: str, parameters: list[Any] | None = None) -> list[tuple]:
    """Return all rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
