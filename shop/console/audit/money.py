"""The rules about money."""

from shop.console.audit.finding import Query

RULES = [
    Query(
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
    Query(
        rule="no order is billed twice",
        checked="select count(*) from bus_outboxevent where type = 'billing.OrderBilled'",
        violating="""
            select subject from bus_outboxevent where type = 'billing.OrderBilled'
            group by subject having count(*) > 1
        """,
    ),
    Query(
        rule="no hold is captured twice at the sandbox processor, or above its amount",
        checked="select count(*) from billing_sandboxoperation where kind = 'capture'",
        violating="""
            select c.number from billing_sandboxoperation s
            join billing_charge c on c.authorization = s.authorization
            where s.kind = 'capture' and s.outcome = 'approved'
            group by c.number, c.amount having count(*) > 1 or sum(s.amount) > c.amount
        """,
    ),
    Query(
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
    Query(
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
