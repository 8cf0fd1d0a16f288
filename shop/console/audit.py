"""The proof counter: each promise as a query over what all apps have written.

The one place that reads every app's tables, and it only reads. A rule about
safety (nothing charged twice, nothing oversold) holds at every moment and is
checked for every order. A rule that compares two apps' books holds once both
have heard of everything, and is checked for the orders nobody is still to
react to.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from shop.bus import registry

#: Violations shown of each rule.
EXAMPLES = 5

#: Orders with nothing under way: no event of theirs unpublished, no delivery open or parked.
SETTLED = """
    busy as materialized (
        select e.subject, e.correlation_id, e.data->>'order_id' as order_id
        from bus_outboxevent e
        where e.published_at is null and e.publish_after <= now()
        union all
        select e.subject, e.correlation_id, e.data->>'order_id'
        from bus_delivery d join bus_outboxevent e on e.id = d.event_id
        where d.state in ('waiting', 'failed', 'parked')
    ),
    settled as materialized (
        select o.* from orders_order o
        where o.id::text not in (select subject from busy)
        and o.id::text not in (select order_id from busy where order_id is not null)
        and o.id::text not in (
            select p.subject from bus_outboxevent p
            where p.type = 'orders.OrderPlaced'
            and p.correlation_id in (select correlation_id from busy)
        )
    )
"""


@dataclass(frozen=True)
class Finding:
    """What one rule found. `examples` name the first violations."""

    rule: str
    checked: int
    violations: int
    examples: list[str]

    @property
    def ok(self) -> bool:
        return not self.violations


@dataclass(frozen=True)
class Counts:
    """Of all reactions that events want: how far they got. The parts add up to the whole."""

    expected: int
    handled: int
    waiting: int
    parked: int


@dataclass(frozen=True)
class _Query:
    """A rule in SQL: `checked` counts what it looks at, `violating` names what breaks it."""

    rule: str
    checked: str
    violating: str
    needs_settled: bool = False

    def find(self) -> Finding:
        prefix = f"with {SETTLED} " if self.needs_settled else ""
        examples = [str(row[0]) for row in _rows(prefix + self.violating)]
        (checked,) = _rows(prefix + self.checked)[0]
        return Finding(self.rule, checked, len(examples), examples[:EXAMPLES])


EXPECTED = """
    with wanted as (
        select * from unnest(%s::text[], %s::text[], %s::text[]) as w (type, app, reaction)
    ),
    joined as (
        select app, reaction, min(event_id::text)::uuid as first
        from bus_delivery group by app, reaction
    ),
    expected as (
        select e.id, e.type, w.app, w.reaction, d.state
        from bus_outboxevent e
        join wanted w on w.type = e.type
        join joined j on j.app = w.app and j.reaction = w.reaction and e.id >= j.first
        left join bus_delivery d
            on d.event_id = e.id and d.app = w.app and d.reaction = w.reaction
        where e.published_at is not null
    )
"""
COUNTED = """
    select count(*),
        count(*) filter (where state in ('done', 'discarded')),
        count(*) filter (where state in ('waiting', 'failed')),
        count(*) filter (where state = 'parked')
    from expected
"""
MISSING = f"""
    select type, id, app || '.' || reaction from expected where state is null limit {EXAMPLES}
"""

MONEY = [
    _Query(
        rule="each billed order has captures equal to its total, and exactly one",
        checked="select count(*) from billing_charge where state = 'captured'",
        violating="""
            select o.number from orders_order o join billing_charge c on c.order_id = o.id
            left join (
                select subject, count(*) as times, sum((data->>'amount')::numeric) as amount
                from bus_outboxevent where type = 'billing.PaymentCompleted' group by subject
            ) taken on taken.subject = o.id::text
            where c.state = 'captured'
            and (taken.times is distinct from 1 or taken.amount <> o.total or c.captured <> o.total)
        """,
    ),
    _Query(
        rule="no order is billed twice",
        checked="select count(*) from bus_outboxevent where type = 'billing.OrderBilled'",
        violating="""
            select subject from bus_outboxevent where type = 'billing.OrderBilled'
            group by subject having count(*) > 1
        """,
    ),
    _Query(
        rule="no hold is captured twice at the sandbox processor, or above its amount",
        checked="select count(*) from billing_sandboxoperation where kind = 'capture'",
        violating="""
            select c.number from billing_sandboxoperation s
            join billing_charge c on c.authorization = s.authorization
            where s.kind = 'capture' and s.outcome = 'approved'
            group by c.number, c.amount having count(*) > 1 or sum(s.amount) > c.amount
        """,
    ),
    _Query(
        rule="the sandbox processor's ledger equals billing's",
        checked="select count(*) from settled join billing_charge c on c.order_id = settled.id",
        violating="""
            select c.number from settled join billing_charge c on c.order_id = settled.id
            left join (
                select s.authorization,
                    sum(s.amount) filter (where s.kind = 'capture') as captured,
                    sum(s.amount) filter (where s.kind = 'refund') as refunded
                from billing_sandboxoperation s
                where s.outcome = 'approved' and s.authorization <> '' group by s.authorization
            ) p on p.authorization = c.authorization
            where coalesce(p.captured, 0) <> c.captured or coalesce(p.refunded, 0) <> c.refunded
        """,
        needs_settled=True,
    ),
    _Query(
        rule="no cancelled order keeps a shopper's money",
        checked="select count(*) from settled where cancel_reason <> ''",
        violating="""
            select settled.number from settled join billing_charge c on c.order_id = settled.id
            where settled.cancel_reason <> ''
            and (c.captured <> c.refunded or c.state in ('authorized', 'capturing', 'voiding'))
        """,
        needs_settled=True,
    ),
]

GOODS = [
    _Query(
        rule="no order is shipped unpaid",
        checked="select count(*) from shipping_shipment where packed > 0",
        violating="""
            select s.number from shipping_shipment s
            left join billing_charge c on c.order_id = s.order_id
            where s.packed > 0 and c.captured is distinct from c.amount
        """,
    ),
    _Query(
        rule="no order is shipped twice",
        checked="select count(*) from shipping_shipment where shipped > 0",
        violating="""
            select s.number from shipping_shipment s where s.shipped > s.ordered
            union
            select e.data->>'number' from bus_outboxevent e
            where e.type = 'shipping.OrderShipped' and (e.data->>'complete')::boolean
            group by e.subject, e.data->>'number' having count(*) > 1
        """,
    ),
    _Query(
        rule="no cancelled order was shipped",
        checked="""
            select count(*) from orders_order where cancel_reason <> '' and ended_at is not null
        """,
        violating="""
            select o.number from orders_order o join shipping_shipment s on s.order_id = o.id
            where o.cancel_reason <> '' and o.ended_at is not null and s.packed > 0
        """,
    ),
    _Query(
        rule="per product: stock started = on hand + sold + reserved, never negative",
        checked="select count(*) from inventory_stock",
        violating="""
            select k.sku from inventory_stock k left join (
                select m.sku, sum(m.quantity) as started from inventory_movement m
                where m.kind in ('opening', 'received', 'adjusted') group by m.sku
            ) m on m.sku = k.sku
            where least(k.on_hand, k.sold, k.reserved) < 0
            or coalesce(m.started, 0) <> k.on_hand + k.sold + k.reserved
        """,
    ),
    _Query(
        rule="per product: what is reserved and sold is what orders hold and have",
        checked="select count(*) from inventory_stock",
        violating="""
            select k.sku from inventory_stock k left join (
                select r.sku,
                    sum(case when h.state in ('held', 'partly_sold')
                        then r.quantity - r.shipped else 0 end) as reserved,
                    sum(r.shipped - least(r.shipped, r.returned)) as sold
                from inventory_reservation r join inventory_hold h on h.order_id = r.order_id
                group by r.sku
            ) r on r.sku = k.sku
            where k.reserved <> coalesce(r.reserved, 0) or k.sold <> coalesce(r.sold, 0)
        """,
    ),
]

PEOPLE = [
    _Query(
        rule="one mail per event, kind and recipient",
        checked="select count(*) from notifications_mail",
        violating="""
            select min(id::text) from notifications_mail
            group by event_id, kind, recipient having count(*) > 1
        """,
    ),
    _Query(
        rule="the loyalty ledger equals what billing says",
        checked="select count(*) from settled where customer_id <> ''",
        violating=f"""
            select settled.number from settled
            left join billing_charge c on c.order_id = settled.id
            left join (
                select order_id, sum(points) as points from loyalty_pointsentry group by order_id
            ) p on p.order_id = settled.id
            where settled.customer_id <> '' and coalesce(p.points, 0) <> case
                when settled.cancel_reason <> '' then 0
                else floor({settings.POINTS_PER_UNIT} * greatest(
                    floor(coalesce(c.captured, 0)) - floor(coalesce(c.refunded, 0)), 0
                )) end
        """,
        needs_settled=True,
    ),
    _Query(
        rule="every order past its deadline is in a final state",
        checked="""
            select count(*) from orders_order where expires_at < now() - interval '10 minutes'
        """,
        violating="""
            select number || ' is ' || state from orders_order
            where expires_at < now() - interval '10 minutes' and ended_at is null
        """,
    ),
    _Query(
        rule="analytics has counted each event it handled exactly once",
        checked="select count(*) from bus_delivery where app = 'analytics' and state = 'done'",
        violating="""
            select counted.value || ' counted, ' || handled.value || ' handled'
            from (
                select coalesce(sum(value), 0)::bigint as value from analytics_figure
                where name = 'events' and granularity = 'day'
            ) counted,
            (
                select count(*) as value from bus_delivery where app = 'analytics'
                and reaction = 'count_event' and state = 'done'
            ) handled
            where counted.value <> handled.value
        """,
    ),
]


def audit() -> Iterator[Finding]:
    """Every rule's finding, one after the other."""
    yield _reached(counts())
    for query in (*MONEY, *GOODS, *PEOPLE):
        yield query.find()


def as_json(findings: list[Finding]) -> dict[str, Any]:
    """The whole result in plain values."""
    return {"ok": all(f.ok for f in findings), "rules": [asdict(f) for f in findings]}


def counts() -> Counts:
    """How far every reaction got that the events published so far want.

    An app that joined later wants what was stated since its first delivery.
    """
    return Counts(*_rows(f"{EXPECTED} {COUNTED}", _registered())[0])


def _reached(counts: Counts) -> Finding:
    missing = [
        f"{row[0]} {row[1]}: {row[2]}" for row in _rows(f"{EXPECTED} {MISSING}", _registered())
    ]
    return Finding(
        "every event reached every reaction that wants it: handled + waiting + parked add up",
        counts.expected,
        counts.expected - counts.handled - counts.waiting - counts.parked,
        missing,
    )


def _registered() -> list[list[str]]:
    wanted = [(type, reaction.app, reaction.name) for type, reaction in registry.all_reactions()]
    return [list(column) for column in zip(*wanted, strict=True)]


def _rows(sql: str, parameters: list[Any] | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
