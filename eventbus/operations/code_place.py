"""Finds the line of the project's code that a traceback ends in."""

import linecache
import re
from dataclasses import dataclass
from pathlib import Path

import eventbus
from eventbus.conf import conf

_FRAME = re.compile(
    r'^  File "(?P<file>.+)", line (?P<line>\d+), in (?P<function>.+)\n(?:    (?P<text>\S.*))?',
    re.MULTILINE,
)
_INSTALLED = ("site-packages", "/lib/python", "<frozen")
_BUS = str(Path(eventbus.__file__).parent)


@dataclass(frozen=True)
class CodePlace:
    """A line of code: `path` is relative to the project's directory."""

    path: str
    line: int
    function: str
    #: what stands there: as the traceback says, otherwise as the file says today
    text: str


def code_place(error: str) -> CodePlace | None:
    """Return the innermost line of the project in a traceback, rather not one of the bus.

    Where one error led to another, it is a line of the last one's. None where there is none.
    """
    _, _, last = error.rpartition("Traceback (most recent call last):")
    ours = [frame for frame in _FRAME.finditer(last) if _is_ours(frame["file"])]
    own = [frame for frame in ours if not _absolute(frame["file"]).startswith(f"{_BUS}/")]
    return _place((own or ours)[-1]) if ours else None


def _is_ours(file: str) -> bool:
    is_installed = any(part in file for part in _INSTALLED)
    return not is_installed and _absolute(file).startswith(f"{_base()}/")


def _absolute(file: str) -> str:
    return str(_base() / file)


def _base() -> Path:
    return Path(conf.BASE_DIR or Path.cwd())


def _place(frame: re.Match[str]) -> CodePlace:
    file, line = _absolute(frame["file"]), int(frame["line"])
    text = frame["text"] or linecache.getline(file, line)
    return CodePlace(file.removeprefix(f"{_base()}/"), line, frame["function"], text.strip())
