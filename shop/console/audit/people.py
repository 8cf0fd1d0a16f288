"""The rules about what people are told, given and promised."""

from django.conf import settings

from shop.console.audit.finding import Query

RULES = [
    Query(
        rule="one mail per event, kind and recipient",
        checked="select count(*) from notifications_mail",
        violating="""
            select min(id::text) from notifications_mail
            group by event_id, kind, recipient having count(*) > 1
        """,
    ),
    Query(
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
    Query(
        rule="every order past its deadline is in a final state",
        checked="""
            select count(*) from orders_order where expires_at < now() - interval '10 minutes'
        """,
        violating="""
            select number || ' is ' || state from orders_order
            where expires_at < now() - interval '10 minutes' and ended_at is null
        """,
    ),
    Query(
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
