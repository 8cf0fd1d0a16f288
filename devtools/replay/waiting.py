"""Waiting: for a step's time, for a database that restarts, and until all has happened."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_delay,
    wait_fixed,
)

from devtools.replay.day import Sale, SentBack
from devtools.replay.errors import Stalled
from devtools.replay.stories import Open, Stories

Answer = TypeVar("Answer")

#: What a database that is away raises, among other things.
DATABASE_AWAY = (OperationalError, InterfaceError)
#: Seconds between two looks.
POLL = 0.5
#: Seconds without any movement after which somebody should look whether everything runs.
HINT_AFTER = 15.0
#: Seconds without any movement after which nothing is expected any more. Longer than the
#: lease on an outside call, and than the time between two attempts of a failing reaction.
GIVE_UP_AFTER = 120.0
#: How many of the things that are open a message names.
MOST_NAMED = 12


class Watch:
    """Looks at what is open, and notices when that no longer changes.

    `say` shows a person a line. `ended` is how many orders had ended at the last look.
    """

    def __init__(self, stories: Stories, say: Callable[[str], None]) -> None:
        self.ended = 0
        self._stories = stories
        self._say = say
        self._open: list[Open] = []
        self._moved_at = time.monotonic()
        self._hinted = False

    def look(self) -> bool:
        """Tell whether anything is open; says so once when nothing has moved for a while."""
        found = self._found()
        if found != self._open or not found:
            self._open, self._moved_at = found, time.monotonic()
        elif self.still > HINT_AFTER and not self._hinted:
            self._hinted = True
            self._say(
                f"{self.standstill} If the shop is not running, `make run` starts it; if a worker "
                "was killed during a call outside, the call is taken up when its lease ends."
            )
        return bool(found)

    @property
    def still(self) -> float:
        """Return the seconds since anything moved."""
        return time.monotonic() - self._moved_at

    @property
    def standstill(self) -> str:
        """Say what is open, in a line."""
        named = ", ".join(map(str, self._open[:MOST_NAMED]))
        more = ", ..." if len(self._open) > MOST_NAMED else ""
        return f"Nothing has moved for {self.still:.0f} s. Open: {named}{more}."

    def _found(self) -> list[Open]:
        try:
            found = self._stories.open()
            self.ended = self._stories.ended()
        except DATABASE_AWAY as error:
            _reconnect(error)
            return self._open
        return found


def outlast(work: Callable[[], Answer]) -> Answer:
    """Return what `work` does, tried again without a database, for `GIVE_UP_AFTER` seconds."""
    retrying = Retrying(
        retry=retry_if_exception_type(DATABASE_AWAY),
        wait=wait_fixed(POLL),
        stop=stop_after_delay(GIVE_UP_AFTER),
        before_sleep=_reconnect_after,
        reraise=True,
    )
    return retrying(work)


def _reconnect_after(attempt: RetryCallState) -> None:
    if attempt.outcome and (error := attempt.outcome.exception()):
        _reconnect(error)


def _reconnect(error: BaseException) -> None:
    """Let the next query open a connection. Raises `error` if it was not for the lack of one."""
    if connection.is_usable():
        raise error
    connection.close()


def in_time(
    steps: Sequence[Sale | SentBack], speed: float | None, watch: Watch
) -> Iterator[Sale | SentBack]:
    """Yield each step when its time comes, the day running `speed` times as fast; None: at once."""
    began = time.monotonic()
    for step in steps:
        if speed:
            since_first = (step.at - steps[0].at).total_seconds()
            _wait_until(began + since_first / speed, watch)
        yield step


def _wait_until(due: float, watch: Watch) -> None:
    while (left := due - time.monotonic()) > 0:
        watch.look()
        time.sleep(min(POLL, left))


def settle(watch: Watch, show: Callable[[int], None]) -> None:
    """Return when nothing is open any more; `show` gets the number of orders that ended.

    Raises `Stalled` when nothing moves for `GIVE_UP_AFTER` seconds.
    """
    while watch.look():
        if watch.still > GIVE_UP_AFTER:
            raise Stalled(f"Given up. {watch.standstill}")
        show(watch.ended)
        time.sleep(POLL)
