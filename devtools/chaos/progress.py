"""The progress of a run, for who watches it."""

import sys
import time


class Progress:
    """Lines with the seconds since the shoppers came."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self._last = -1

    @property
    def seconds(self) -> float:
        """Return the seconds since the shoppers came."""
        return time.monotonic() - self.began

    def begin(self, line: str) -> None:
        """Count the seconds from now on."""
        self.began = time.monotonic()
        self.say(line)

    def say(self, line: str) -> None:
        sys.stderr.write(f"{self.seconds:7.1f} s  {line}\n")

    def say_now_and_then(self, line: str) -> None:
        """Print a line, at most one in ten seconds."""
        tens = int(self.seconds) // 10
        if tens != self._last:
            self._last = tens
            self.say(line)
