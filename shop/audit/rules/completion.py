"""Rules about completion: every order ends in time."""

from shop.audit.rules.rule import ARCHIVED_UNTIL, Rule

RULES = [
    Rule(
        name="every order past its deadline is in a final state",
        promise="lost",
        checked="""
            select count(*) from orders_order where expires_at < now() - interval '10 minutes'
        """,
        violating="""
            select number || ' is ' || state from orders_order
            where expires_at < now() - interval '10 minutes' and ended_at is null
        """,
    ),
    Rule(
        name="no order waits for its shopper to pay longer than it may",
        checked="select count(*) from orders_order where pay_until < now() - interval '10 minutes'",
        violating="""
            select number from orders_order
            where pay_until < now() - interval '10 minutes' and ended_at is null
        """,
    ),
    Rule(
        name="whatever an order waits for, its deadline was emitted ahead",
        checked="select count(*) from orders_order where ended_at is null",
        violating=f"""
            select o.number from orders_order o
            left join eventbus_outboxevent expired
                on expired.subject = o.id::text and expired.type = 'orders.ShippingDeadlineReached'
            left join eventbus_outboxevent overdue
                on overdue.subject = o.id::text and overdue.type = 'orders.PaymentDeadlineReached'
                and (overdue.data->>'attempt')::int = o.payment_attempt
            where o.ended_at is null and o.placed_at >= {ARCHIVED_UNTIL}
            and (expired.id is null or (o.pay_until is not null and overdue.id is null))
        """,
    ),
    Rule(
        name="an order its shopper still has to pay has ended, or says how long it waits",
        checked="""
            select count(*) from settled join billing_charge c on c.order_id = settled.id
            where c.state in ('failed', 'challenged')
        """,
        violating="""
            select settled.number from settled join billing_charge c on c.order_id = settled.id
            where c.state in ('failed', 'challenged') and settled.pay_until is null
            and settled.ended_at is null and settled.cancel_reason = ''
        """,
        needs_settled=True,
    ),
]
