"""The rules about what people are told, given and promised."""

from shop.audit.rules.finding import KEPT_ID, KEPT_SINCE, Query

RULES = [
    Query(
        rule="one mail per event, kind and recipient",
        promise="doubled",
        checked="select count(*) from notifications_mail",
        violating="""
            select min(id::text) from notifications_mail
            group by event_id, kind, recipient having count(*) > 1
        """,
    ),
    Query(
        rule="analytics has counted each event it handled exactly once",
        promise="doubled",
        checked="select count(*) from eventbus_delivery where app = 'analytics' and state = 'done'",
        violating=f"""
            select counted.value || ' counted, ' || handled.value || ' handled'
            from (
                select coalesce(sum(value), 0)::bigint as value from analytics_figure
                where name = 'events' and granularity = 'day' and start >= {KEPT_SINCE}
            ) counted,
            (
                select count(*) as value from eventbus_delivery
                where app = 'analytics' and reaction = 'count_event' and state = 'done'
                and event_id >= {KEPT_ID}
            ) handled
            where counted.value <> handled.value
        """,
    ),
]
