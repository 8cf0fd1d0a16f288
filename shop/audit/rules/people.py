"""Rules about mails and analytics."""

from shop.audit.rules.rule import ARCHIVED_UNTIL, FIRST_KEPT_ID, Rule

RULES = [
    Rule(
        name="one mail per event, kind and recipient",
        promise="doubled",
        checked="select count(*) from notifications_mail",
        violating="""
            select min(id::text) from notifications_mail
            group by event_id, kind, recipient having count(*) > 1
        """,
    ),
    Rule(
        name="analytics has counted each event it handled exactly once",
        promise="doubled",
        checked="select count(*) from eventbus_delivery where app = 'analytics' and state = 'done'",
        violating=f"""
            select counted.value || ' counted, ' || handled.value || ' handled'
            from (
                select coalesce(sum(value), 0)::bigint as value from analytics_figure
                where name = 'events' and granularity = 'day' and start >= {ARCHIVED_UNTIL}
            ) counted,
            (
                select count(*) as value from eventbus_delivery
                where app = 'analytics' and reaction = 'count_event' and state = 'done'
                and event_id >= {FIRST_KEPT_ID}
            ) handled
            where counted.value <> handled.value
        """,
    ),
]
