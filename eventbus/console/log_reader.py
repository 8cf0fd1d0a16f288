"""The log lines of one story, out of the logs of all programs, in the order of time."""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from eventbus.conf import conf

#: Rotated files too: `billing.log`, `billing.log.1`.
_FILE = re.compile(r"(?P<program>.+)\.log(\.\d+)?$")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^\s\"]*")


@dataclass(frozen=True, order=True)
class Line:
    """A line of a program's log; `time` as it stands in the line, in UTC."""

    time: str
    program: str
    text: str

    @property
    def values(self) -> dict[str, object]:
        """Parse the line where it was written for machines; else return the text alone."""
        try:
            return {"program": self.program, **json.loads(self.text)}
        except ValueError:
            return {"program": self.program, "text": self.text}


def log_folder() -> Path:
    """Return the log folder of this machine: `log` in `EVENTBUS_STATE`, or here."""
    return Path(conf.STATE or ".") / "log"


def lines_about(ids: Collection[str], folder: Path) -> list[Line]:
    """Return every line in the logs of `folder` that has one of these ids."""
    about = re.compile("|".join(map(re.escape, sorted(ids))))
    return sorted(line for line in _lines(_logs(folder)) if about.search(line.text))


def _logs(folder: Path) -> Iterator[tuple[str, Path]]:
    for file in sorted(folder.glob("*")):
        if named := _FILE.match(file.name):
            yield named["program"], file


def _lines(logs: Iterable[tuple[str, Path]]) -> Iterator[Line]:
    """Yield lines with a time, so none of a traceback."""
    for program, file in logs:
        with file.open(encoding="utf-8", errors="replace") as text:
            for line in text:
                if time := _TIME.search(line):
                    yield Line(time[0], program, line.rstrip("\n"))
