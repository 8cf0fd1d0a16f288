"""Where trials are kept: files in the run folder, which web and experimenter both read.

Not in the database: they are about one run of `make run`, and gone with the next.
"""

import os
from contextlib import suppress
from pathlib import Path

from devtools.embedded import run_folder
from devtools.tour.trial import Trial
from devtools.tour_locks import FOLDER

#: The trial under way, and the file that asks for it to end sooner.
RUNNING, END = "running", "end"


class UnderWay(Exception):
    """Another experiment is under way: wait for its end, or end it."""


class Store:
    """The trials of one run: the one under way, and the last one of each experiment."""

    def __init__(self, state: Path) -> None:
        self._folder = run_folder(state) / FOLDER

    def begin(self, trial: Trial) -> None:
        """Keep a new trial as the one under way. Raises `UnderWay`."""
        self._folder.mkdir(exist_ok=True)
        new = self._write("new", trial)
        try:
            # Unlike a rename it does not replace another.
            os.link(new, self._folder / RUNNING)
        except FileExistsError:
            raise UnderWay("another experiment is under way: one at a time") from None
        finally:
            new.unlink()

    def running(self) -> Trial | None:
        return self._read(RUNNING)

    def last(self, experiment: str) -> Trial | None:
        """Return the last trial of an experiment that is over."""
        return self._read(f"{experiment}.last")

    def save(self, trial: Trial) -> None:
        """Keep how far the trial under way is."""
        self._write("saved", trial).replace(self._folder / RUNNING)

    def finish(self, trial: Trial) -> None:
        """Keep the result; from then on another one may begin."""
        self._write("saved", trial).replace(self._folder / f"{trial.experiment}.last")
        self.drop()

    def drop(self) -> None:
        """Forget the trial under way, and what was asked of it."""
        for name in (END, RUNNING):
            (self._folder / name).unlink(missing_ok=True)

    def end_sooner(self) -> None:
        """Ask for the fault of the trial under way to end now."""
        if self.running():
            (self._folder / END).touch()

    @property
    def is_to_end(self) -> bool:
        return (self._folder / END).exists()

    def _read(self, name: str) -> Trial | None:
        with suppress(FileNotFoundError):
            return Trial.model_validate_json((self._folder / name).read_text(encoding="utf-8"))
        return None

    def _write(self, name: str, trial: Trial) -> Path:
        file = self._folder / f"{name}.{os.getpid()}"
        file.write_text(trial.model_dump_json(), encoding="utf-8")
        return file
