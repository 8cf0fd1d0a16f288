"""The version of a story: another one when anything on its page is to be drawn anew.

One statement, by the indexes of subject and correlation: what is open on a screen asks it often.
"""

from django.db import connection

from eventbus.operations.worker_status import LOST_AFTER

#: Beside the story's own rows, what holds up any: pauses, and which apps nobody works for.
_VERSION = """
    with story as (
        select id, published_at, publish_after from eventbus_outboxevent where subject = any(%(of)s)
        union
        select id, published_at, publish_after from eventbus_outboxevent
        where correlation_id = any(array(
            select correlation_id from eventbus_outboxevent where subject = any(%(of)s)
        ))
    ), told as (
        select concat_ws(' ', id, published_at is null, publish_after <= statement_timestamp())
        from story
        union all
        select concat_ws(' ', id, state, attempts, waiting_since, resend_at,
            leased_until > statement_timestamp())
        from eventbus_delivery where event_id = any(array(select id from story))
        union all
        select concat_ws(' ', app, reaction, since) from eventbus_pause
        union all
        select distinct app from eventbus_operations_workerheartbeat
        where seen_at >= statement_timestamp() - make_interval(secs => %(lost_after)s)
            and failing_since is null
    )
    select md5(string_agg(told, ',' order by told)) from told as rows (told)
"""


def version(subjects: list[str]) -> str:
    """Return the version of the story of these subjects as it is now."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSION, {"of": subjects, "lost_after": LOST_AFTER.total_seconds()})
        (found,) = cursor.fetchone()
    return str(found or "")
