"""Rules about loyalty points."""

from django.conf import settings

from shop.audit.rules.rule import ARCHIVED_UNTIL, Rule

RULES = [
    Rule(
        name="each account's points are the sum of its ledger, and never negative",
        checked="select count(*) from loyalty_account",
        violating="""
            select a.customer_id from loyalty_account a left join (
                select customer_id, sum(points) as points from loyalty_pointsentry
                group by customer_id
            ) e on e.customer_id = a.customer_id
            where a.balance < 0 or a.balance <> coalesce(e.points, 0)
        """,
    ),
    # What a customer spent before it could be taken back is owed, and noted as such.
    Rule(
        name="the loyalty ledger equals what billing says",
        checked="select count(*) from settled where customer_id <> ''",
        violating=f"""
            select settled.number from settled
            left join billing_charge c on c.order_id = settled.id
            left join loyalty_orderpoints l on l.order_id = settled.id
            left join (
                select order_id, sum(points) as points from loyalty_pointsentry
                where kind in ('earned', 'reversed') group by order_id
            ) p on p.order_id = settled.id
            where settled.customer_id <> ''
            and coalesce(p.points, 0) - coalesce(l.owed, 0) <> case
                when settled.cancel_reason <> '' then 0
                else floor({settings.POINTS_PER_UNIT} * greatest(
                    floor(coalesce(c.captured, 0)) - floor(coalesce(c.refunded, 0)), 0
                )) end
        """,
        needs_settled=True,
    ),
    Rule(
        name="an order takes the points it is paid with once, and no others",
        checked="select count(*) from orders_order where points > 0",
        violating="""
            select o.number from orders_order o left join (
                select order_id, count(*) as times, -sum(points) as points
                from loyalty_pointsentry where kind = 'redeemed' group by order_id
            ) p on p.order_id = o.id
            where p.times > 1 or coalesce(p.points, o.points) <> o.points
            or (o.billed_at is not null and o.points > 0 and p.points is null)
        """,
    ),
    Rule(
        name="points that paid come back when the order is cancelled, or with the goods, and once",
        checked="select count(*) from settled where points > 0",
        violating=f"""
            select settled.number from settled
            left join (
                select order_id,
                    -coalesce(sum(points) filter (where kind = 'redeemed'), 0) as taken,
                    coalesce(sum(points) filter (where kind = 'returned'), 0) as given
                from loyalty_pointsentry group by order_id
            ) p on p.order_id = settled.id
            left join (
                select e.subject, sum((e.data->>'points')::int) as points from
                    eventbus_outboxevent e
                where e.type in ('orders.ReturnReceived', 'orders.OrderReduced') group by e.subject
            ) back on back.subject = settled.id::text
            where settled.placed_at >= {ARCHIVED_UNTIL} and coalesce(p.given, 0) <> case
                when settled.cancel_reason <> '' then coalesce(p.taken, 0)
                else least(coalesce(back.points, 0), coalesce(p.taken, 0)) end
        """,
        needs_settled=True,
    ),
]
