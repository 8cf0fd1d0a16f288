"""Old log lines go, where a program logs so little that its file never grows full."""

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


class Aging:
    """Has every log in a folder begin anew each `days`, and deletes what is that old.

    So a line stays for so many days at least, and for twice as many at most.
    """

    def __init__(self, folder: Path, supervisor: Supervisor, days: float) -> None:
        self._folder, self._supervisor, self._seconds = folder, supervisor, days * DAY

    def start(self) -> None:
        """Look now and then, in a thread of its own, until the process ends."""
        threading.Thread(target=self._look_for_ever, daemon=True).start()

    def _look_for_ever(self) -> None:
        while True:
            self.look(time.time())
            time.sleep(INTERVAL)

    def look(self, now: float) -> None:
        """Delete what was begun anew too long ago; begin anew what is old enough."""
        for file in self._folder.glob("*.log.*"):
            if file.stat().st_mtime < now - self._seconds:
                file.unlink(missing_ok=True)
        began = self._folder / ".began"
        if not began.exists():
            began.touch()
        elif began.stat().st_mtime < now - self._seconds:
            began.touch()
            self._begin_anew()

    def _begin_anew(self) -> None:
        for name in self._supervisor.programs():
            log = self._folder / f"{name}.log"
            if log.exists():
                shutil.copy(log, log.with_name(log.name + BEFORE))
                self._supervisor.clear_log(name)
