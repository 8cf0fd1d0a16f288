"""Taking months of the past out of the database, into files, and back.

Only a month in which everything is settled goes, and only when its file has been read back and
has all that the tables have. What tells of a person is blank in it, as in history that was
redacted: who wants to be forgotten need not be looked for in files.
"""

from datetime import datetime
from pathlib import Path

from django.db.models import Max

from eventbus.exceptions import BusError
from eventbus.history.archive.archive_checks import refuse_unsettled
from eventbus.history.archive.files import read_back, write
from eventbus.history.archive.tables import put_back, take_away
from eventbus.history.models import ArchivedMonth
from eventbus.history.partitions import Month


class BrokenFile(BusError):
    """A file does not hold what it should: mend the disk or find a copy; nothing was changed."""


def archive(month: Month, folder: Path) -> ArchivedMonth:
    """Write a month into a file in `folder`, check the file, and take the month away.

    Raises `Unsettled` naming what is open, `Busy`, or `BrokenFile`; nothing is taken away then.
    """
    refuse_unsettled(month)
    file = folder.resolve() / f"events-{month.name}.jsonl.gz"
    content = write(month, file)
    if read_back(file) != content:
        raise BrokenFile(f"{file} does not read as it was written")
    return take_away(month, file, content)


def restore(archived: ArchivedMonth, file: Path) -> None:
    """Put a month back from its file, its reactions as closed as they were.

    Raises `BrokenFile`.
    """
    try:
        found = read_back(file)
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise BrokenFile(f"{file} cannot be read: {error}") from error
    if found.sha256 != archived.sha256:
        raise BrokenFile(f"{file} is not what was archived of {archived.name}")
    put_back(archived, file)


def kept_since() -> datetime | None:
    """What was stated before this may be archived; None where nothing is."""
    return ArchivedMonth.objects.aggregate(until=Max("until"))["until"]


def archived_note() -> str:
    """For who looks for something old: a sentence that says from when on it is archived, or ''."""
    since = kept_since()
    if since is None:
        return ""
    return f"events stated before {since:%Y-%m} are archived: `manage.py archive` shows the files"
