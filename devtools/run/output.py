"""What all processes print, on one screen: each line behind the name of its process."""

import os
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue

#: Seconds between two looks at the log files.
INTERVAL = 0.1
#: Lines of a log that are shown when its process fails.
TAIL = 25
COLOURS = (36, 33, 32, 35, 34, 31, 96, 93, 92, 95, 94, 91)


class Log:
    """A log file that grows, and is now and then moved away and begun anew."""

    def __init__(self, path: Path, offset: int = 0) -> None:
        self._path = path
        self._file = path.open("rb")
        self._file.seek(offset)
        self._unfinished = b""

    def new_lines(self) -> Iterator[str]:
        """Return the lines that were completed since the last call."""
        yield from self._read()
        if self._was_rotated():
            self._file.close()
            self._file = self._path.open("rb")
            yield from self._read()

    def _read(self) -> Iterator[str]:
        *lines, self._unfinished = (self._unfinished + self._file.read()).split(b"\n")
        for line in lines:
            yield line.decode(errors="replace")

    def _was_rotated(self) -> bool:
        try:
            return not os.path.samestat(self._path.stat(), os.fstat(self._file.fileno()))
        except FileNotFoundError:
            return False


class Output:
    """Follows `<folder>/*.log` in a thread of its own, from `start` on, and prints what is new.

    Only the thread writes: when nobody reads what we print, it waits, and nobody else does.
    """

    def __init__(self, folder: Path, names: Iterable[str]) -> None:
        self._folder = folder
        self._width = max(map(len, names))
        self._logs: dict[Path, Log] = {}
        self._colours: dict[str, int] = {}
        self._own: SimpleQueue[str] = SimpleQueue()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def start(self) -> None:
        """Print what is logged from now on."""
        self._logs = {path: Log(path, path.stat().st_size) for path in self._folder.glob("*.log")}
        self._thread.start()

    def say(self, line: str, name: str = "") -> None:
        """Print a line of our own, behind `name` if there is one."""
        self._own.put(self._prefixed(name, line) if name else line)

    def close(self) -> None:
        """Print what is left, unless nobody reads it."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(timeout=1)

    def _follow(self) -> None:
        with suppress(BrokenPipeError):
            while not self._ended.wait(INTERVAL):
                self._show_new()
            self._show_new()

    def _show_new(self) -> None:
        for path in sorted(self._folder.glob("*.log")):
            if path not in self._logs:
                self._logs[path] = Log(path)
            for line in self._logs[path].new_lines():
                write(self._prefixed(path.stem, line))
        while not self._own.empty():
            write(self._own.get())

    def _prefixed(self, name: str, line: str) -> str:
        prefix = f"{name:{self._width}} |"
        if not sys.stdout.isatty():
            return f"{prefix} {line}"
        colour = self._colours.setdefault(name, COLOURS[len(self._colours) % len(COLOURS)])
        return f"\x1b[{colour}m{prefix}\x1b[0m {line}"


def write(line: str) -> None:
    """Print a line at once, past Python's buffer: its lock would hang us at exit."""
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


def tail(folder: Path, name: str) -> str:
    """Return the last lines of a process's log."""
    with (folder / f"{name}.log").open(errors="replace") as file:
        return "".join(deque(file, TAIL)).rstrip()
