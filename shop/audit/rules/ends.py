"""The rules about the end of orders: each has one, and nobody waits for it in vain."""

from shop.audit.rules.finding import KEPT_SINCE, Query

RULES = [
    Query(
        rule="every order past its deadline is in a final state",
        promise="lost",
        checked="""
            select count(*) from orders_order where expires_at < now() - interval '10 minutes'
        """,
        violating="""
            select number || ' is ' || state from orders_order
            where expires_at < now() - interval '10 minutes' and ended_at is null
        """,
    ),
    Query(
        rule="no order waits for its shopper to pay longer than it may",
        checked="select count(*) from orders_order where pay_until < now() - interval '10 minutes'",
        violating="""
            select number from orders_order
            where pay_until < now() - interval '10 minutes' and ended_at is null
        """,
    ),
    Query(
        rule="whatever an order waits for, the end of its wait was stated ahead",
        checked="select count(*) from orders_order where ended_at is null",
        violating=f"""
            select o.number from orders_order o
            left join eventbus_outboxevent expired
                on expired.subject = o.id::text and expired.type = 'orders.ShippingDeadlineReached'
            left join eventbus_outboxevent overdue
                on overdue.subject = o.id::text and overdue.type = 'orders.PaymentDeadlineReached'
                and (overdue.data->>'attempt')::int = o.payment_attempt
            where o.ended_at is null and o.placed_at >= {KEPT_SINCE}
            and (expired.id is null or (o.pay_until is not null and overdue.id is null))
        """,
    ),
    Query(
        rule="an order its shopper still has to pay has ended, or says how long it waits",
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
