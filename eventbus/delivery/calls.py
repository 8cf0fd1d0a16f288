"""External calls: made one after another, while nothing is locked, and recorded together."""

import math
import time
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import structlog
from django.db import connection, transaction

from eventbus.delivery import ledger, outage
from eventbus.delivery.crash_points import crash_point
from eventbus.delivery.outage_retry import RETRY_TIMEOUT, retry_through_outage
from eventbus.delivery.outbox import collect_events
from eventbus.delivery.run import (
    CallResult,
    Run,
    cancel_on_error,
    own_savepoint,
    record_failure,
    save_outcomes,
)
from eventbus.external_calls import SharedCall

log = structlog.get_logger("eventbus")

#: How long runs that commit together wait for any one lock: less than PostgreSQL's
#: `deadlock_timeout`, so that it is they that give way, and never who met them.
LOCK_TIMEOUT = "500ms"


class Answer(NamedTuple):
    """A run, and what the call that it yielded has come to."""

    run: Run
    result: CallResult


class Unfinished(NamedTuple):
    """Runs that have given their lease back, to begin anew."""

    #: their call was not made
    left: list[Run]
    #: their answer could not be recorded with the others: each is to run by itself
    alone: list[Run]


def make_calls(runs: Sequence[Run], until: float = math.inf) -> Unfinished:
    """Make the calls that these runs have yielded, until each has ended.

    Once the monotonic clock shows `until` answers are recorded before a further call is made, and
    runs that wait for their first call do not wait any longer. An answer waits for a database that
    is away: otherwise its call would be made again.

    Raises when the database stays away, and what is wrong with the bus itself; leases run out then.
    """
    calling = [run for run in runs if run.call is not None]
    answers = _call(calling, until)
    left = calling[len(answers) :]
    alone = _record(answers, left)
    while calling := [run for run in calling if run.call is not None]:
        together = [run for run in calling if run.together]
        # A generator that takes many goes on once, with all of its answers.
        alone += _record(_call(together) if together else _call(calling, until))
    return Unfinished(left, alone)


def _call(runs: Sequence[Run], until: float = math.inf) -> list[Answer]:
    """Make the calls of the first of these runs: as many as there is time for, one at least.

    A call that was made with another's takes no time, and is not made again.
    """
    answers: list[Answer] = []
    for run in runs:
        if answers and time.monotonic() >= until and not _has_answer(run):
            break
        crash_point("worker.calling")
        answers.append(Answer(run, run.make_call()))
        crash_point("worker.called")
    return answers


def _has_answer(run: Run) -> bool:
    return isinstance(run.call, SharedCall) and run.call.has_answer


def _record(answers: Sequence[Answer], left: Sequence[Run] = ()) -> list[Run]:
    """Resume runs with their answers, and give back the leases of those that are left.

    A run goes on only once: one whose transaction failed with others has to begin anew, by itself.
    Returns those.
    """
    back, alone, one = list(left), [], len(answers) + len(left) == 1
    while answers or back:
        try:
            alone += retry_through_outage(
                partial(_resume, answers, back), RETRY_TIMEOUT, partial(_can_retry, answers)
            )
            return alone
        except Exception as error:
            resumed = [run for run, result in answers if result.is_consumed]
            culprit = record_failure(error, resumed)
            if not resumed or (one and not culprit):
                raise
            log.info("answers are recorded one by one", error=type(error).__name__)
            anew = [run for run in resumed if run is not culprit]
            alone, back = alone + anew, back + anew
            answers = [answer for answer in answers if not answer.result.is_consumed]
    return alone


def _can_retry(answers: Sequence[Answer], error: BaseException) -> bool:
    """Return whether only the database failed, before any run went on."""
    return outage.is_outage(error) and not any(result.is_consumed for _, result in answers)


def _resume(answers: Sequence[Answer], back: Sequence[Run]) -> list[Run]:
    """Do so in one transaction. Returns the runs that gave way to who holds what they need.

    Runs that another worker has taken over are over.
    """
    gave_way: list[Run] = []
    runs = [*(run for run, _ in answers), *back]
    with transaction.atomic(), cancel_on_error():
        held = ledger.relock([run.row for run in runs])
        ours = [answer for answer in answers if answer.run.row.id in held]
        if len(ours) == 1:
            _go_on(ours[0])
        else:
            gave_way = _go_on_together(ours)
        ended = [run for run, _ in ours if run not in gave_way]
        save_outcomes(ended)
        ledger.unlease([run.row for run in [*back, *gave_way] if run.row.id in held])
        crash_point("worker.recorded")
    for run in runs:
        if run not in ended:
            run.call = None
    crash_point("worker.concluded")
    for run in ended:
        if run.call is None:
            run.log_outcome()
    return gave_way


def _go_on(answer: Answer) -> None:
    """Resume a run that has the transaction for itself."""
    with collect_events():
        _advance([answer])


def _go_on_together(answers: Sequence[Answer]) -> list[Run]:
    """Resume runs, each in a savepoint, and those that share a generator in one.

    Returns those that are to begin anew by themselves: they did not get a lock in time, or one
    that shares their generator failed.
    """
    gave_way: list[Run] = []
    if answers:
        ledger.limit_waiting(LOCK_TIMEOUT)
    for group in _groups(answers):
        try:
            with own_savepoint():
                _advance(group)
        except Exception as error:
            runs = [run for run, _ in group]
            if outage.is_about_locks(error):
                gave_way += runs
            elif len(runs) == 1:
                runs[0].fail(error)
            elif connection.needs_rollback or outage.is_outage(error):
                raise
            else:
                gave_way += runs
    return gave_way


def _groups(answers: Sequence[Answer]) -> list[list[Answer]]:
    """Return the answers by what goes on with them; a call that failed is nobody else's affair."""
    groups: dict[object, list[Answer]] = {}
    for answer in answers:
        together = None if answer.result.error else answer.run.together
        groups.setdefault(together or answer.run, []).append(answer)
    return list(groups.values())


def _advance(answers: Sequence[Answer]) -> None:
    """Resume a run, or several that share a generator. Raises the reaction's error."""
    together = answers[0].run.together
    if not together:
        answers[0].run.advance(answers[0].result)
        return
    values = {run.event.id: result.consume() for run, result in answers}
    together.advance([run for run, _ in answers], values)
