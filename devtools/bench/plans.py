"""What a page asks of the two big tables, and how the database goes about it."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

#: The tables, whose months are tables too, with their names before the month's.
BIG = ("eventbus_outboxevent", "eventbus_delivery")
#: Rows of a month that has hardly begun, which are read whole rather than looked up.
FEW = 1000


def on_disk(table: str) -> int:
    """Return the bytes of a big table on disk: its months, and their indexes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select sum(pg_total_relation_size(relid)) from pg_partition_tree(%s) where isleaf",
            [table],
        )
        return int(cursor.fetchone()[0])


@dataclass
class Asked:
    """The queries of a page: how many, the most rows read for one, and what scans a table."""

    queries: int = 0
    most_rows: int = 0
    scans: list[str] = field(default_factory=list)

    def watching(self) -> AbstractContextManager[None]:
        """Note every query within the block; one that is explained runs twice."""
        return connection.execute_wrapper(self._note)

    def _note(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        self.queries += 1
        if sql.lstrip().lower().startswith(("select", "with")) and any(big in sql for big in BIG):
            self._explain(context["cursor"].cursor.connection, sql, params)
        return execute(sql, params, many, context)

    def _explain(self, database: Any, sql: str, params: Any) -> None:
        found = database.execute(f"explain (analyze, format json) {sql}", params).fetchone()[0]
        plan = json.loads(found) if isinstance(found, str) else found
        for node in _nodes(plan[0]["Plan"]):
            big = node.get("Relation Name", "").startswith(BIG)
            if big or "Index Name" in node:
                self.most_rows = max(self.most_rows, _rows_read(node))
            few = FEW * node["Actual Loops"]
            if big and node["Node Type"] == "Seq Scan" and _rows_read(node) > few:
                self.scans.append(sql)


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _rows_read(node: dict[str, Any]) -> int:
    dropped = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return int((node["Actual Rows"] + dropped) * node["Actual Loops"])
