"""Run a batch of messages in one transaction, as long as none of them fails."""

import math
import time
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import transaction

from eventbus.delivery.calls import LOCK_TIMEOUT, make_calls
from eventbus.delivery.crash_points import crash_point
from eventbus.delivery.outbox import collect_events
from eventbus.delivery.run import Run, RunsTogether, cancel_on_error, save_outcomes
from eventbus.delivery.runner import Incoming, Runnable, lock_runs, with_events


class Pace:
    """How many runs with an external call a batch of this process begins.

    What is begun has its call made in time, or has to begin anew. So it is as many as there was
    time for in the last batch, and twice as many where there was time for all.
    """

    def __init__(self) -> None:
        self.most = math.inf

    def adjust(self, begun: int, left: int) -> None:
        if begun:
            self.most = begun - left if left else max(self.most, 2 * begun)


pace = Pace()


class Unfinished(NamedTuple):
    """Messages of a batch that have not taken effect, or not in all reactions."""

    left: list[Incoming]
    #: to be run each by itself
    alone: list[Incoming]


def can_share(message: Incoming) -> bool:
    """Return whether a message may run in one transaction with others.

    Not one that may have killed its worker.
    """
    return not message.redelivered


def handle_together(
    app: str, messages: Sequence[Incoming], until: float, paused: frozenset[str] | None = None
) -> Unfinished:
    """Run `app`'s open reactions to messages that can share a transaction; without savepoints.

    What yields an external call is leased. The calls are made once that is committed, and
    recorded together. Once the monotonic clock shows `until` no further reaction is begun, and
    no further call. `paused`: what is left waiting, where that was read before. Raises what a
    reaction, a constraint or the commit raises; of what shared the transaction nothing has taken
    effect then.
    """
    runnable = with_events(app, messages)
    with transaction.atomic(), cancel_on_error():
        runs = lock_runs(app, runnable, paused, timeout=LOCK_TIMEOUT)
        crash_point("worker.locked")
        begun = _begin(_groups(runs, runnable), until)
        save_outcomes(begun)
        crash_point("worker.ran")
    crash_point("worker.committed")
    calling = [run for run in begun if run.call is not None]
    for run in begun:
        if run.call is None:
            run.log_outcome()
    left, alone = make_calls(calling, until)
    pace.adjust(len(calling), len(left))
    not_begun = [run for run in runs if run not in begun]
    return Unfinished(_of(messages, [*not_begun, *left]), _of(messages, alone))


def _groups(runs: Iterable[Run], runnable: Iterable[Runnable]) -> list[list[Run]]:
    """Return the runs in the order of their messages, grouped by call of their reaction.

    Those of a reaction that takes many are one call, where the first of them stands.
    """
    place = {message.envelope.id: n for n, (message, _) in enumerate(runnable)}
    groups: dict[tuple[str, int], list[Run]] = {}
    for run in sorted(runs, key=lambda run: place[run.envelope.id]):
        group = (run.reaction.name, 0 if run.reaction.takes_many else run.row.id)
        groups.setdefault(group, []).append(run)
    return list(groups.values())


def _begin(groups: Iterable[list[Run]], until: float) -> list[Run]:
    """Begin runs until time is up, the first in any case; returns them."""
    begun: list[Run] = []
    calling = 0
    with collect_events():
        for runs in groups:
            if begun and time.monotonic() >= until:
                break
            if runs[0].reaction.is_external:
                runs = [run for n, run in enumerate(runs) if n < pace.most - calling]
            if not runs:
                continue
            _advance(runs)
            begun += runs
            calling += sum(run.call is not None for run in runs)
    return begun


def _advance(runs: list[Run]) -> None:
    """Advance a run, or several whose reaction takes many, at once. Raises its error."""
    if len(runs) == 1:
        runs[0].advance()
    else:
        RunsTogether(runs).advance(runs)


def _of(messages: Iterable[Incoming], runs: Iterable[Run]) -> list[Incoming]:
    """Return the messages that these runs react to."""
    ids = {run.envelope.id for run in runs}
    return [message for message in messages if message.envelope.id in ids]
