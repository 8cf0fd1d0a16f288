"""Where something is written: the file and the line of a function or class."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eventbus.conf import conf


@dataclass(frozen=True)
class Location:
    """A path, from the project's folder on, and a line counted from 1."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"

    @property
    def url(self) -> str:
        """Where people read it, see `EVENTBUS_CONSOLE_SOURCE_URL`; empty: nowhere."""
        return conf.CONSOLE_SOURCE_URL.replace("{path}", self.path).replace(
            "{line}", str(self.line)
        )


def location(written: Callable[..., Any] | type) -> Location | None:
    """Return where a function or class is written; None where its source is not there."""
    inner = written if isinstance(written, type) else inspect.unwrap(written)
    try:
        path, (_, line) = inspect.getsourcefile(inner), inspect.getsourcelines(inner)
    except (OSError, TypeError):
        return None
    return Location(_shortened(Path(path or ""), inner.__module__), line)


def _shortened(path: Path, module: str) -> str:
    """Return the path within the project; what comes from elsewhere is called by its module."""
    base = Path(conf.BASE_DIR or Path.cwd())
    if path.is_relative_to(base) and "site-packages" not in path.parts:
        return path.relative_to(base).as_posix()
    return f"{module.replace('.', '/')}.py"
