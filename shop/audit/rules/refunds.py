"""Rules about refunds."""

from shop.audit.rules.rule import Rule

RULES = [
    Rule(
        name="what goes back of a payment is the sum of its refunds, never more than was taken",
        checked="select count(*) from billing_refund",
        violating="""
            select c.number from billing_charge c left join (
                select charge_id,
                    sum(amount) filter (where state in ('pending', 'done')) as reserved,
                    sum(amount) filter (where state = 'done') as done
                from billing_refund group by charge_id
            ) r on r.charge_id = c.order_id
            where c.reserved_for_refund <> coalesce(r.reserved, 0)
                or c.refunded <> coalesce(r.done, 0)
                or c.reserved_for_refund > c.captured
        """,
    ),
    # What went back otherwise is not given back again with the goods.
    Rule(
        name="goods that came back bring what was paid for them, as far as it was still here",
        checked="select count(*) from billing_refund where starts_with(reference, 'return:')",
        violating="""
            select settled.number from settled
            join billing_charge c on c.order_id = settled.id
            left join (
                select charge_id,
                    sum(amount) filter (where starts_with(reference, 'return:')) as with_goods,
                    sum(amount) filter (where not starts_with(reference, 'return:')) as otherwise
                from billing_refund where state = 'done' group by charge_id
            ) r on r.charge_id = settled.id
            left join (
                select back.order_id, sum(line.amount) as amount from orders_return back
                join orders_returnline line on line.of_id = back.id
                where back.state = 'received' group by back.order_id
            ) worth on worth.order_id = settled.id
            where settled.cancel_reason = '' and settled.id not in (
                select charge_id from billing_refund where state = 'failed'
                union select charge_id from billing_dispute where state = 'open'
            )
            and coalesce(r.with_goods, 0) <> least(
                coalesce(worth.amount, 0), c.captured - coalesce(r.otherwise, 0)
            )
        """,
        needs_settled=True,
    ),
    # What staff gave back by hand before counts towards it.
    Rule(
        name="goods that never came bring what was paid for them, and no more",
        checked="select count(*) from settled where closed > 0",
        violating="""
            select settled.number from settled
            join billing_charge c on c.order_id = settled.id
            left join (
                select charge_id, sum(amount) as all_of_it,
                    sum(amount) filter (where starts_with(reference, 'reduced:')) as reduced
                from billing_refund where state <> 'overtaken' group by charge_id
            ) r on r.charge_id = settled.id
            where c.reduced <> settled.reduced_amount
            or coalesce(r.reduced, 0) > settled.reduced_amount
            or coalesce(r.all_of_it, 0) < least(settled.reduced_amount, c.captured)
        """,
        needs_settled=True,
    ),
    Rule(
        name="an order's page says of its money what billing did with it",
        checked="select count(*) from settled",
        violating="""
            select settled.number from settled
            left join billing_charge c on c.order_id = settled.id
            where settled.captured_total <> coalesce(c.captured, 0)
            or settled.refunded_total <> coalesce(c.refunded, 0)
            or (settled.state = 'refunded') <> (
                settled.ended_at is not null and 0 < c.captured and c.captured <= c.refunded
            )
        """,
        needs_settled=True,
    ),
]
