"""Rules about payments."""

from shop.audit.rules.rule import ARCHIVED_UNTIL, Rule

RULES = [
    Rule(
        name="each order's total is its goods, shipping and tax, less its discount and points",
        checked=f"select count(*) from orders_order where placed_at >= {ARCHIVED_UNTIL}",
        violating=f"""
            select o.number from orders_order o
            left join eventbus_outboxevent e
                on e.subject = o.id::text and e.type = 'orders.OrderPlaced'
            left join lateral (
                select sum((line->>'quantity')::int * (line->>'unit_price')::numeric) as goods,
                    sum((line->>'discount')::numeric) as discount
                from jsonb_array_elements(e.data->'lines') line
            ) l on true
            where o.placed_at >= {ARCHIVED_UNTIL} and (o.total is distinct from round(
                l.goods - o.discount + o.shipping_cost - o.points_value
                + case when o.tax_included then 0 else o.tax end, 2
            )
            or o.total <> round((e.data->>'total')::numeric, 2)
            or coalesce(l.discount, 0) > o.discount
            or o.tax <> (
                select coalesce(sum((rate->>'amount')::numeric), 0)
                from jsonb_array_elements(o.taxes) rate
            ))
        """,
    ),
    Rule(
        name="each billed order has captures equal to its total, and exactly one",
        promise="doubled",
        checked="select count(*) from billing_charge where state = 'captured'",
        violating=f"""
            select o.number from orders_order o join billing_charge c on c.order_id = o.id
            left join (
                select subject, count(*) as times, sum((data->>'amount')::numeric) as amount
                from eventbus_outboxevent where type = 'billing.PaymentCompleted' group by subject
            ) taken on taken.subject = o.id::text
            where o.placed_at >= {ARCHIVED_UNTIL}
            and (c.state = 'captured' or o.billed_at is not null)
            and (taken.times is distinct from 1 or taken.amount <> o.total or c.captured <> o.total)
        """,
    ),
    Rule(
        name="no order is billed twice",
        promise="doubled",
        checked="select count(*) from eventbus_outboxevent where type = 'billing.OrderBilled'",
        violating="""
            select subject from eventbus_outboxevent where type = 'billing.OrderBilled'
            group by subject having count(*) > 1
        """,
    ),
    Rule(
        name="no hold is captured twice at the sandbox processor, or above its amount",
        promise="doubled",
        checked="select count(*) from billing_sandboxoperation where kind = 'capture'",
        violating="""
            select c.number from billing_sandboxoperation s
            join billing_charge c on c.authorization = s.authorization
            where s.kind = 'capture' and s.outcome = 'approved'
            group by c.number, c.amount having count(*) > 1 or sum(s.amount) > c.amount
        """,
    ),
    Rule(
        name="no order is captured with two cards at the sandbox processor",
        promise="doubled",
        checked="select count(*) from billing_charge where attempt > 1",
        violating="""
            select split_part(key, ':', 1) from billing_sandboxoperation
            where kind = 'capture' and outcome = 'approved'
            group by split_part(key, ':', 1) having count(*) > 1
        """,
    ),
    Rule(
        name="the sandbox processor's ledger equals billing's",
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
            where not starts_with(c.authorization, 'pi_')  -- those are Stripe's
            and (coalesce(p.captured, 0) <> c.captured or coalesce(p.refunded, 0) <> c.refunded)
        """,
        needs_settled=True,
    ),
    # What a bank sends back, or withholds, is on the dashboard until staff have handled it.
    Rule(
        name="no cancelled order keeps a shopper's money, unless staff said so",
        checked="select count(*) from settled where cancel_reason <> ''",
        violating="""
            select settled.number from settled join billing_charge c on c.order_id = settled.id
            where settled.cancel_reason <> ''
            and (
                (c.captured <> c.refunded and not c.keeps_money and c.order_id not in (
                    select charge_id from billing_refund where state = 'failed'
                    union select charge_id from billing_dispute where state = 'open'
                ))
                or c.state in ('authorized', 'capturing', 'voiding')
            )
        """,
        needs_settled=True,
    ),
]
