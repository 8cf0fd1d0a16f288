"""The one statement behind everything that is shown live.

Quick over a long history: what is open is found by indexes that hold only what is open, what was
done in the last half hour by the minutes that `eventbus.operations.throughput` has counted, and
the last seconds by the indexes of times.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection

from eventbus import registry
from eventbus.console.hooks import hooks

#: Minutes of each app's curve, and seconds over which rates are taken.
MINUTES, SECONDS = 30, 10

#: Parts of the answer: by name, a query whose rows become a list.
LISTS = {
    "open": """
        select app, count(*) as count, min(waiting_since) as oldest from eventbus_delivery
        where state in ('waiting', 'failed') group by app
    """,
    "oldest": """
        select r.app, r.reaction, d.waiting_since, d.free_since, e.type
        from unnest(%(apps)s::text[], %(reactions)s::text[]) as r (app, reaction)
        cross join lateral (
            select event_id, waiting_since, (
                select waiting_since from eventbus_delivery
                where app = r.app and reaction = r.reaction and state = 'waiting'
                    and (leased_until is null or leased_until <= statement_timestamp())
                order by waiting_since limit 1
            ) as free_since
            from eventbus_delivery
            where app = r.app and reaction = r.reaction and state in ('waiting', 'failed')
            order by waiting_since limit 1
        ) d
        join eventbus_outboxevent e on e.id = d.event_id
        where not exists (
            select from eventbus_pause p where p.app = r.app and p.reaction in ('', r.reaction)
        )
        order by r.app, d.waiting_since
    """,
    "troubled": """
        select app, reaction, fingerprint, count(*) filter (where state = 'failed') as failed,
            count(*) filter (where state = 'parked') as parked
        from eventbus_delivery where state in ('failed', 'parked') group by 1, 2, 3 order by 1, 2, 3
    """,
    "pauses": "select app, reaction, by, reason, held_for from eventbus_pause order by since",
    "workers": """
        select * from eventbus_operations_workerheartbeat order by app, host, started_at desc, pid
    """,
    "minutes": f"""
        select app, done, (extract(epoch from date_trunc('minute', statement_timestamp()) - minute)
            / 60)::int as ago
        from eventbus_operations_throughputminute
        where event_type = '' and app <> ''
            and minute > date_trunc('minute', statement_timestamp()) - interval '{MINUTES} minutes'
    """,
    "levels": """
        select app, extract(epoch from latency)::float as seconds
        from eventbus_operations_servicelevel
    """,
    "unpublished": """
        select type, count(*) as count, min(publish_after) as oldest from eventbus_outboxevent
        where published_at is null and publish_after <= statement_timestamp() group by type
    """,
    "emitted": f"""
        select known.type, count(*) as lately, count(*) filter (
            where e.occurred_at > statement_timestamp() - interval '1 second'
        ) as now
        from unnest(%(types)s::text[]) as known (type)
        cross join lateral (
            select occurred_at from eventbus_outboxevent
            where type = known.type and occurred_at <= statement_timestamp()
                and occurred_at > statement_timestamp() - interval '{SECONDS} seconds'
        ) e group by known.type
    """,
    "done": f"""
        select app, count(*) as count from eventbus_delivery
        where state = 'done' and closed_at > statement_timestamp() - interval '{SECONDS} seconds'
        group by app
    """,
    "alerts": """
        select rule, about, message, seen_at from eventbus_console_alert
        where ended_at is null order by began_at
    """,
    "rejected": """
        select app, reason, count from eventbus_operations_rejectedmessage
        where last_at >= statement_timestamp() - interval '1 day' order by app, reason
    """,
}


def read_now() -> dict[str, Any]:
    """Return what is so now, as plain values: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement(), _parameters())
        return json.loads(cursor.fetchone()[0])


def statement() -> str:
    """Return the statement: a part for each thing to know, and those that hooks add."""
    parts = {"at": "statement_timestamp()"}
    parts |= {name: _list_of(query) for name, query in LISTS.items()}
    parts["panels"] = _object((panel.name, _added(panel.sql)) for panel in hooks.panels)
    parts["figures"] = _object((figure.label, _added(figure.sql)) for figure in hooks.figures)
    return f"select {_object(parts.items())}::text"


def _list_of(query: str) -> str:
    return f"(select coalesce(json_agg(row), '[]') from ({query}) row)"


def _object(parts: Iterable[tuple[str, str]]) -> str:
    return f"json_build_object({', '.join(f'{_text(name)}, {sql}' for name, sql in parts)})"


def _text(name: str) -> str:
    return "'" + name.replace("'", "''").replace("%", "%%") + "'"


def _added(sql: str) -> str:
    """Return a hook's query, in which a percent sign is one."""
    return f"({sql})".replace("%", "%%")


def _parameters() -> dict[str, list[str]]:
    # What no code here knows waits for a reaction without a name.
    known = {(each.app, each.name) for _, each in registry.all_reactions()}
    pairs = sorted(known | {(app, "") for app in registry.apps_with_reactions()})
    return {
        "apps": [app for app, _ in pairs],
        "reactions": [reaction for _, reaction in pairs],
        "types": sorted(registry.event_types()),
    }
