"""A month's file: a line of JSON for each event, its deliveries in it, compressed."""

import gzip
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from eventbus import clock, registry
from eventbus.history.partitions import Partition
from eventbus.personal import may_have_personal_fields, redacted_data

#: Events read from the database at a time.
BATCH = 2000

_EVENTS = """
    select (to_jsonb(e) || jsonb_build_object('deliveries', (
        select coalesce(jsonb_agg(to_jsonb(d) order by d.id), '[]')
        from {deliveries} d where d.event_id = e.id
    )))::text from {events} e order by e.id
"""


@dataclass(frozen=True)
class Content:
    """Counts of a file's rows. `sha256` is of its lines, uncompressed."""

    events: int
    deliveries: int
    sha256: str

    @classmethod
    def of(cls, lines: Iterator[bytes], each: Callable[[bytes], Any] = bool) -> "Content":
        """Count and sum up lines, and hand on each."""
        events = deliveries = 0
        digest = sha256()
        for line in lines:
            events += 1
            deliveries += len(json.loads(line)["deliveries"])
            digest.update(line)
            each(line)
        return cls(events, deliveries, digest.hexdigest())


def write(month: Partition, file: Path) -> Content:
    """Write a month into a file, which is there whole or not at all."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half_made = file.with_suffix(".part")
    try:
        with _create(half_made) as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed:
            content = Content.of(_lines(month), packed.write)
            packed.close()
            os.fsync(raw.fileno())
        half_made.replace(file)
    finally:
        with suppress(FileNotFoundError):
            half_made.unlink()
    _sync(file.parent)
    return content


def verify(file: Path) -> Content:
    """Read a whole file and return its counts. Raises `OSError` or `EOFError` if it is broken."""
    return Content.of(lines_of(file))


def lines_of(file: Path) -> Iterator[bytes]:
    """Yield a file's lines, each with its line end."""
    with gzip.open(file) as lines:
        yield from lines


def _create(path: Path) -> Any:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _lines(month: Partition) -> Iterator[bytes]:
    events, deliveries = month.tables
    query, now = _EVENTS.format(events=events, deliveries=deliveries), clock.now()
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(BATCH):
            for (row,) in rows:
                line = json.dumps(_blank(json.loads(row), now), ensure_ascii=False)
                yield f"{line}\n".encode()


def _blank(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Blank an event as a redaction does; of a type that is gone no value is left."""
    type, version = row["type"], row["version"]
    if row["data"] and may_have_personal_fields(type, version):
        row["data"] = redacted_data(type, version, row["data"])
        row["version"] = registry.version_today(type, version)
        row["redacted_at"] = row["redacted_at"] or now.isoformat()
    for delivery in row["deliveries"]:
        # It may quote what went wrong, and who gave it up may name people: the kind stays.
        delivery["error"] = delivery["error"].partition("\n")[0].partition(": ")[0]
    return row


def _sync(folder: Path) -> None:
    """Have the file's name on disk: a power cut must not lose what was taken away."""
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
