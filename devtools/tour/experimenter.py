"""The experimenter: does to the shop what was asked for, undoes it, and has it audited.

A process of its own, which supervisord starts and starts again: what it broke is made good when
the browser is closed, the web process dies, or it is killed itself.
"""

import time
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from devtools.tour import proof
from devtools.tour.faults import FAULTS
from devtools.tour.programs import Programs
from devtools.tour.shoppers import Shoppers
from devtools.tour.store import Store
from devtools.tour.trial import Phase, Trial
from eventbus.exceptions import in_one_line

#: Seconds between two looks.
TURN = 0.3
#: Seconds until what has not come by then is said not to come.
CATCH_UP_WITHIN, END_WITHIN = 120.0, 180.0


class Experimenter:
    """Carries one trial from where it is to its end."""

    def __init__(self, trial: Trial, store: Store, programs: Programs) -> None:
        self._trial, self._store = trial, store
        self._fault = FAULTS[trial.experiment](trial, programs)
        self._shoppers = Shoppers(trial)

    def run(self) -> None:
        """Break, wait, make good, catch up, prove; an error on the way is told in the trial."""
        try:
            self._break()
        except Exception as error:
            self._trial.trouble.append(in_one_line(error))
        finally:
            # Also when this process is told to end.
            self._shoppers.send_away()
            self._fault.undo()
        self._trial.mended_at = timezone.now()
        for step in (self._catch_up, self._await_ends, self._prove):
            try:
                step()
            except Exception as error:
                self._trial.trouble.append(in_one_line(error))
        self._trial.phase = Phase.DONE
        self._store.finish(self._trial)

    def _break(self) -> None:
        trial = self._trial
        if trial.phase != Phase.ASKED:
            trial.did += " The process that did it was killed, and what it broke was made good."
            return
        # Before it is broken: whoever comes after a kill knows what to undo.
        trial.phase = Phase.BROKEN
        self._store.save(trial)
        self._fault.begin()
        trial.broken_at = timezone.now()
        trial.until = trial.broken_at + timedelta(seconds=trial.seconds)
        self._shoppers.start()
        while timezone.now() < trial.until and not self._store.is_to_end:
            self._fault.go_on()
            self._turn()

    def _catch_up(self) -> None:
        self._trial.phase = Phase.CATCHING_UP
        moment = self._trial.mended_at
        assert moment
        if self._wait(lambda: proof.is_caught_up(moment), CATCH_UP_WITHIN):
            self._trial.caught_up_at = timezone.now()
        else:
            self._trial.trouble.append("something still waits: is an app or a reaction paused?")

    def _await_ends(self) -> None:
        self._trial.phase = Phase.ENDING
        self._wait(lambda: not (self._shoppers.are_there or self._trial.open_orders), END_WITHIN)
        self._fault.check()

    def _prove(self) -> None:
        self._trial.phase = Phase.PROVING
        self._store.save(self._trial)
        proof.prove(self._trial)

    def _wait(self, condition: Callable[[], bool], within: float) -> bool:
        """Look again and again, for so many seconds; returns whether it has come true."""
        give_up = time.monotonic() + within
        while not condition():
            if time.monotonic() > give_up:
                return False
            self._turn()
        return True

    def _turn(self) -> None:
        self._shoppers.answer_refusals()
        proof.count_ended(self._trial)
        self._trial.waiting = proof.waiting(self._trial.app)
        self._store.save(self._trial)
        time.sleep(TURN)
