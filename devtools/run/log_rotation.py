"""Rotate logs by age too: a program that logs little never fills its file."""

import shutil
import threading
import time
from pathlib import Path

from devtools.run.supervisor import Supervisor

#: Seconds between looks.
INTERVAL = 3600.0
DAY = 86400.0
#: Ends the name of what a log was before it began anew.
BEFORE = ".before"


class LogRotation:
    """Rotates every log in a folder each `days`, and deletes what was rotated that long ago.

    So a line stays for so many days at least, and for twice as many at most.
    """

    def __init__(self, folder: Path, supervisor: Supervisor, days: float) -> None:
        self._folder, self._supervisor, self._seconds = folder, supervisor, days * DAY

    def start(self) -> None:
        """Look each hour, in a thread of its own, until the process ends."""
        threading.Thread(target=self._rotate_forever, daemon=True).start()

    def _rotate_forever(self) -> None:
        while True:
            self.look(time.time())
            time.sleep(INTERVAL)

    def look(self, now: float) -> None:
        """Delete rotated logs that are too old; rotate the others when it is time."""
        for file in self._folder.glob("*.log.*"):
            if file.stat().st_mtime < now - self._seconds:
                file.unlink(missing_ok=True)
        began = self._folder / ".began"
        if not began.exists():
            began.touch()
        elif began.stat().st_mtime < now - self._seconds:
            began.touch()
            self._rotate()

    def _rotate(self) -> None:
        for name in self._supervisor.programs():
            log = self._folder / f"{name}.log"
            if log.exists():
                shutil.copy(log, log.with_name(log.name + BEFORE))
                self._supervisor.clear_log(name)
