"""Checks that a month may be archived: nothing in it is open or unreadable."""

from collections.abc import Iterator

from django.db import connection

from eventbus import registry
from eventbus.exceptions import BusError, NewerVersion, UnknownEventType
from eventbus.history.partitions import Partition

#: How many rows of a month are open, by what they are: each asked of an index of only such rows.
_OPEN = {
    "events are not published": "select count(*) from {events} where published_at is null",
    "reactions are waiting or failed": """
        select count(*) from {deliveries} where state in ('waiting', 'failed')
    """,
    "reactions are parked": """
        select count(*) from {deliveries} where state in ('failed', 'parked') and state = 'parked'
    """,
    "redactions are not carried out": """
        select count(*) from eventbus_history_redaction where cause_id in (select id from {events})
    """,
}


class NotArchivable(BusError):
    """A month has open events, deliveries or redactions: settle these first."""


def check_archivable(month: Partition) -> None:
    """Raise `NotArchivable` naming all that is open, or that this code cannot read."""
    if reasons := [*open_in(month), *_unreadable_in(month)]:
        raise NotArchivable("; ".join(reasons))


def open_in(month: Partition) -> list[str]:
    """Return what is open in a month, each with its count."""
    events, deliveries = month.tables
    counts = {
        what: _rows(query.format(events=events, deliveries=deliveries))[0][0]
        for what, query in _OPEN.items()
    }
    return [f"{count} {what}" for what, count in counts.items() if count]


def _unreadable_in(month: Partition) -> Iterator[str]:
    """Name events of newer code: they may hold personal data that this code does not know."""
    events, _ = month.tables
    # Of what was given up nothing is left to be read.
    unread = f"select type, max(version) from {events} where data <> '{{}}' group by type"
    for type, version in _rows(unread):
        try:
            registry.event_class(type, version)
        except UnknownEventType:
            # Gone from the code: its data is blank in the file.
            continue
        except NewerVersion as error:
            yield str(error)


def _rows(query: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()
