"""How many SQL statements and commits an order takes under load, as PostgreSQL itself counts."""

from contextlib import closing
from typing import Any

import psycopg

from devtools.bench.ways.running import Ways, place
from devtools.embedded import database_url
from devtools.system import System

#: Of an order, its placing included; the load's own questions how far it is are left out.
_COUNTS = """
    select sum(calls), sum(calls) filter (where query ilike 'commit%')
    from pg_stat_statements where query not ilike 'select%count(*)%orders_order%ended_at%'
"""


def measure(ways: Ways, orders: int, lines: int) -> dict[str, Any]:
    """Place so many orders at once; returns statements and commits an order, all programs'.

    What is measured in the same system afterwards is counted too, and a little slower for it.
    """
    _begin_to_count(ways.system)
    with ways.alone("choreography", orders // 10) as system:
        _rows(system, "select pg_stat_statements_reset()")
        ended = place(system, "choreography", orders, lines)["ended"]
        statements, commits = _rows(system, _COUNTS)[0]
    return {"orders": ended, "statements": int(statements) / ended, "commits": int(commits) / ended}


def _begin_to_count(system: System) -> None:
    _rows(system, "alter system set shared_preload_libraries = 'pg_stat_statements'")
    system.stop_program("postgres")
    system.start_program("postgres")
    _rows(system, "create extension pg_stat_statements")


def _rows(system: System, query: Any) -> list[tuple]:
    with closing(psycopg.connect(database_url(system.state), autocommit=True)) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


def table(result: dict[str, Any]) -> str:
    """Return the figures for people."""
    return (
        f"an order      {result['statements']:.0f} statements, {result['commits']:.1f} commits "
        f"({result['orders']} orders at once)"
    )
