"""The archive: months of history in files instead of the database, and back.

A month is archived only when nothing in it is open, and when its file has been read back and has
all that the tables have. Personal data is blank in it, as in redacted history: an erasure need
not look into files.
"""

from datetime import datetime
from pathlib import Path

from django.db.models import Max

from eventbus.exceptions import BusError
from eventbus.history.archive.archive_checks import check_archivable
from eventbus.history.archive.files import verify, write
from eventbus.history.archive.tables import detach, restore_tables
from eventbus.history.models import ArchivedMonth
from eventbus.history.partitions import Partition


class BrokenFile(BusError):
    """A file does not hold what it should: mend the disk or find a copy; nothing was changed."""


def archive(month: Partition, folder: Path) -> ArchivedMonth:
    """Write a month into a file in `folder`, verify the file, and drop the month's tables.

    Raises `NotArchivable` naming what is open, `Busy`, or `BrokenFile`; nothing is dropped then.
    """
    check_archivable(month)
    file = folder.resolve() / f"events-{month.name}.jsonl.gz"
    content = write(month, file)
    if verify(file) != content:
        raise BrokenFile(f"{file} does not read as it was written")
    return detach(month, file, content)


def restore(archived: ArchivedMonth, file: Path) -> None:
    """Restore a month from its file, its deliveries in the states they had.

    Raises `BrokenFile`.
    """
    try:
        found = verify(file)
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise BrokenFile(f"{file} cannot be read: {error}") from error
    if found.sha256 != archived.sha256:
        raise BrokenFile(f"{file} is not what was archived of {archived.name}")
    restore_tables(archived, file)


def archived_until() -> datetime | None:
    """Return the upper bound of archived events; None if nothing is archived."""
    return ArchivedMonth.objects.aggregate(until=Max("until"))["until"]


def archived_note() -> str:
    """Return a sentence that says up to when events are archived; empty if none are."""
    since = archived_until()
    if since is None:
        return ""
    return f"events before {since:%Y-%m} are archived: `manage.py archive` shows the files"
