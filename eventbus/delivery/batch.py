"""Run a batch of messages in one transaction, as long as none of them fails."""

import time
from collections.abc import Sequence
from itertools import chain

from django.db import transaction

from eventbus import registry
from eventbus.context import caused_by, reacting
from eventbus.delivery import ledger
from eventbus.delivery.crash_points import crash_point
from eventbus.delivery.outbox import collect_events
from eventbus.delivery.runner import (
    Incoming,
    Run,
    Runnable,
    cancel_on_error,
    lock_runs,
    save_outcomes,
    with_events,
)

#: How long a batch waits for any one lock: less than PostgreSQL's `deadlock_timeout`, so that it
#: is the batch that gives way, which is then run message by message, and never who met it.
LOCK_TIMEOUT = "500ms"


def can_share(app: str, message: Incoming) -> bool:
    """Return whether a message may run in one transaction with others.

    Not one that may have killed its worker; nor one with a reaction that makes an external call,
    for which the others would wait.
    """
    reactions = registry.reactions_to(message.envelope.type, app)
    return not message.redelivered and not any(reaction.is_external for reaction in reactions)


def handle_together(app: str, messages: Sequence[Incoming], until: float) -> list[Incoming]:
    """Run `app`'s open reactions to messages that can share a transaction; without savepoints.

    Once the monotonic clock shows `until` no further reaction is begun: returns the messages
    that still have one. Raises what a reaction, a constraint or the commit raises; nothing has
    taken effect then.
    """
    runnable = with_events(app, messages)
    with transaction.atomic(), cancel_on_error():
        runs = lock_runs(app, runnable, timeout=LOCK_TIMEOUT)
        calls = _calls(runs, runnable)
        crash_point("worker.locked")
        ended = _make_calls(calls, until)
        save_outcomes(ended)
        crash_point("worker.ran")
    crash_point("worker.committed")
    for run in ended:
        run.log_outcome()
    left = {run.envelope.id for run in [*chain(*calls)][len(ended) :]}
    return [message for message in messages if message.envelope.id in left]


def _calls(runs: list[Run], runnable: list[Runnable]) -> list[list[Run]]:
    """Return the runs in the order of their messages, grouped by call.

    Those of a reaction that takes many are one call, where the first of them stands.
    """
    place = {message.envelope.id: n for n, (message, _) in enumerate(runnable)}
    calls: dict[tuple[str, int], list[Run]] = {}
    for run in sorted(runs, key=lambda run: place[run.envelope.id]):
        call = (run.reaction.name, 0 if run.reaction.takes_many else run.row.id)
        calls.setdefault(call, []).append(run)
    return list(calls.values())


def _make_calls(calls: list[list[Run]], until: float) -> list[Run]:
    """Make the calls until time is up, the first in any case; returns the runs that ended."""
    ended: list[Run] = []
    with collect_events():
        for runs in calls:
            if ended and time.monotonic() >= until:
                break
            _run_through(runs)
            ended += runs
    return ended


def _run_through(runs: list[Run]) -> None:
    """Call a reaction for all these runs at once, and mark their rows. Raises its error."""
    reaction, began = runs[0].reaction, time.monotonic()
    one_cause = len(runs) == 1
    with caused_by(runs[0].envelope, reaction) if one_cause else reacting(reaction):
        reaction.run(*(run.event for run in runs))
    share_ms = round((time.monotonic() - began) * 1000 / len(runs))
    for run in runs:
        ledger.mark_done(run.row, share_ms)
