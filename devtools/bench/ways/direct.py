"""Reactions called directly, as code without a bus would: no ledger, no inbox, no retry."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from django.utils import timezone

from eventbus import registry
from eventbus.context import caused_by
from eventbus.envelope import Envelope
from eventbus.registry import Reaction

#: Scheduled further ahead than this, an event is left out.
LONGEST_DELAY = timedelta(minutes=1)


def redirect(before: Callable[..., None], receiver: Callable[..., None]) -> None:
    """Have events of this process go to `receiver` instead of the one `before`."""
    for type in registry.event_types():
        signal = registry.event_class(type).signal
        signal.disconnect(before)
        signal.connect(receiver)


def is_left_out(publish_after: datetime | None) -> bool:
    """Tell whether an event is too far ahead to be waited for."""
    return publish_after is not None and publish_after > timezone.now() + LONGEST_DELAY


def react(
    envelope: Envelope, reaction: Reaction, transaction: Callable[[], AbstractContextManager]
) -> None:
    """Run a reaction, each stretch between its external calls in a `transaction`."""
    with caused_by(envelope, reaction):
        if not reaction.is_external:
            with transaction():
                reaction.run(envelope.event())
            return
        steps, answer = reaction.run(envelope.event()), None
        while True:
            with transaction():
                try:
                    call = steps.send(answer)
                except StopIteration:
                    return
            answer = call()
