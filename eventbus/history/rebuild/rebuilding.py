"""The steps of a rebuild: build beside, catch up, swap."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction
from tenacity import RetryError, Retrying, retry_if_exception, stop_after_attempt, wait_fixed

from eventbus import registry
from eventbus.delivery import outage
from eventbus.exceptions import BusError
from eventbus.history.archive import archived_note
from eventbus.history.rebuild.redacted_fields import HistoryIncomplete
from eventbus.history.rebuild.repeating import NotAProjection, Repeater
from eventbus.history.shadow import Difference, Shadow

#: Milliseconds to wait for a lock: less than what PostgreSQL waits before it ends somebody else's
#: transaction to resolve a deadlock.
LOCK_TIMEOUT = 500
#: Times the tables are asked for, and seconds between in which others are let through.
TRIES, PAUSE = 20, 0.5
#: Deliveries that may be left to repeat while the tables are locked.
FEW = 50


class Busy(BusError):
    """The tables were locked by others all along: try again when there is less load."""


@dataclass(frozen=True)
class TableRows:
    """Rows of a table before and after."""

    before: int
    after: int


class Rebuild:
    """Makes the projections of an app anew. Raises `NotAProjection` or `HistoryIncomplete`."""

    def __init__(self, app: str) -> None:
        self.app = app
        self._projections = registry.projections(app)
        if app not in registry.apps_with_reactions():
            raise NotAProjection(f"no app {app} reacts to anything: see manage.py events")
        if not self._projections:
            raise NotAProjection(f"{app} declares no projection: it cannot be built from events")
        if note := archived_note():
            raise HistoryIncomplete(f"{note}; put them back with --restore first")
        self._shadow = Shadow(f"rebuild_{app}", [each.model for each in self._projections])
        self._repeater = Repeater(app, self._shadow)

    @property
    def suppressed(self) -> Counter[str]:
        """Return how many events of which type were not emitted again."""
        return self._repeater.suppressed

    def count(self) -> int:
        """Return how many deliveries are to be repeated."""
        return self._repeater.count()

    def unknown(self) -> dict[str, int]:
        """Return reactions that the code lacks, by how often they have reacted: left out."""
        return self._repeater.unknown()

    def run(self, on_repeated: Callable[[int], object] = bool) -> dict[str, TableRows]:
        """Build the projections beside the live ones and swap them in; returns rows by table.

        Whatever fails or is killed before the swap is committed leaves the live tables as they
        are. Raises `NotAProjection`, `HistoryIncomplete`, `CannotRepeat` and `Busy`.
        """
        self._shadow.create()
        self._repeater.begin()
        self._repeat_all(on_repeated)
        while (count := self._repeater.repeat_late()) > FEW:
            on_repeated(count)
        return self._swap()

    def try_out(self, on_repeated: Callable[[int], object] = bool) -> dict[str, Difference]:
        """Build them and compare, as of one moment; nothing of it stays. Raises as `run`."""
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read")
            self._shadow.create()
            self._repeater.begin()
            self._repeat_all(on_repeated)
            self._fill()
            found = self._shadow.differences()
            transaction.set_rollback(True)
        return found

    def _repeat_all(self, on_repeated: Callable[[int], object]) -> None:
        while count := self._repeater.repeat_next():
            on_repeated(count)

    def _fill(self) -> None:
        """Fill what is made from other tables."""
        with self._shadow.used():
            for each in self._projections:
                if each.filled_by:
                    each.filled_by()

    def _swap(self) -> dict[str, TableRows]:
        retrying = Retrying(
            retry=retry_if_exception(outage.is_about_locks),
            wait=wait_fixed(PAUSE),
            stop=stop_after_attempt(TRIES),
        )
        try:
            return retrying(self._swap_once)
        except RetryError as error:
            raise Busy(f"the tables of {self.app} are in use all the time; try again") from error

    @transaction.atomic
    def _swap_once(self) -> dict[str, TableRows]:
        self._shadow.lock_live(LOCK_TIMEOUT)
        # Who has written before is committed by now; who comes later waits.
        self._repeater.repeat_late()
        self._fill()
        rows = {name: TableRows(*counts) for name, counts in self._shadow.sizes().items()}
        self._shadow.swap()
        self._shadow.drop()
        return rows
