"""What of a story is open: events that are due, and reactions that are not done."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from eventbus import clock
from eventbus.conf import conf
from eventbus.console.story_nodes import Reaction, StoryEvent
from eventbus.console.why_not_done.declared import is_leading, leads_on
from eventbus.console.why_not_done.reason import Reason, moment
from eventbus.delivery.models import Delivery, Pause
from eventbus.operations.worker_status import RELAY, is_alive, workers_of

State = Delivery.State
#: Deliveries before one in its queue that are counted.
MOST_AHEAD = 1000
ITSELF = "it goes on by itself"


def is_due(event: StoryEvent) -> bool:
    """Return whether an event is to be published by now."""
    return event.due is None or event.due <= clock.now()


def open_reasons(events: Iterable[StoryEvent]) -> Iterator[Reason]:
    """Yield what is open of these events and the reactions to them."""
    pauses = {(each.app, each.reaction): each for each in Pause.objects.all()}
    for event in events:
        if not event.published and is_due(event):
            yield _unpublished(event)
        for reaction in event.reactions:
            if reaction.state in TOLD:
                by = pauses.get((reaction.app, "")) or pauses.get((reaction.app, reaction.name))
                goes_on = reaction.state == State.PARKED or reaction.is_held
                told = _paused(by) if by and not goes_on else TOLD[reaction.state](reaction)
                yield _reason(event, reaction, told)


@dataclass(frozen=True)
class Told:
    """What is said of a reaction, as in `Reason`."""

    kind: str
    why: str
    release: str
    page: str
    argument: int | None = None
    state: str = "has waited"


def _reason(event: StoryEvent, reaction: Reaction, told: Told) -> Reason:
    return Reason(
        told.kind,
        f"{name(reaction)} {told.state}",
        reaction.since,
        told.why,
        told.release,
        told.page,
        told.argument,
        leads=is_leading(reaction.app, reaction.name, event.type),
    )


def _unpublished(event: StoryEvent) -> Reason:
    why, release = "for the relay to publish it", ITSELF
    if not is_alive(RELAY):
        why, release = "because no relay works", "it goes on when a relay works"
    since, what = event.due or event.occurred_at, f"{event.type} has waited"
    leads = leads_on(event.type)
    return Reason("unpublished", what, since, why, release, "workers", leads=leads)


def _paused(pause: Pause) -> Told:
    why = f"because {pause.by} paused {pause.name} at {moment(pause.since)} ({pause.reason})"
    return Told("paused", why, f"it goes on when {pause.name} is resumed", "paused")


def _parked(reaction: Reaction) -> Told:
    tries = "1 attempt" if reaction.attempts == 1 else f"{reaction.attempts} attempts"
    why, release = f"after {tries}{_error(reaction)}", "it goes on when a person retries it"
    return Told("parked", why, release, "delivery", reaction.delivery, "has been parked")


def _failed(reaction: Reaction) -> Told:
    # Only a retry by a person leaves a failed delivery without an attempt.
    at = f"at attempt {reaction.attempts} of {conf.MAX_ATTEMPTS}{_error(reaction)}"
    why = f"because it failed {at}" if reaction.attempts else "to be begun anew"
    again = f" at {moment(reaction.resend_at)}" if reaction.resend_at else ""
    return Told("failed", why, f"it is tried again{again}", "delivery", reaction.delivery)


def _waiting(reaction: Reaction) -> Told:
    if reaction.is_held:
        why = "for an answer from outside"
        return Told("outside", why, ITSELF, "delivery", reaction.delivery)
    states = {worker.state for worker in workers_of(reaction.app, reaction.since)}
    if "alive" in states:
        return Told(
            "waiting", f"for a worker of {reaction.app}{_behind(reaction)}", ITSELF, "throughput"
        )
    worker = f"because the worker of {reaction.app} is {' or '.join(sorted(states))}"
    why = worker if states else f"because no worker of {reaction.app} is there"
    return Told("no worker", why, f"it goes on when a worker of {reaction.app} works", "workers")


#: What to say of a reaction that is open, by its state.
TOLD: dict[str, Callable[[Reaction], Told]] = {
    State.PARKED: _parked,
    State.FAILED: _failed,
    State.WAITING: _waiting,
}


def name(reaction: Reaction) -> str:
    """Return `billing.capture`."""
    return f"{reaction.app}.{reaction.name or '?'}"


def _error(reaction: Reaction) -> str:
    return f" ({reaction.error})" if reaction.error else ""


def _behind(reaction: Reaction) -> str:
    """Say how many deliveries to the same reaction have waited longer."""
    rows = Delivery.objects.filter(app=reaction.app, reaction=reaction.name)
    older = rows.filter(state__in=Delivery.OPEN, waiting_since__lt=reaction.since).order_by()
    number = older[: MOST_AHEAD + 1].count()
    if not number:
        return ""
    counted = f"{number}" if number <= MOST_AHEAD else f"more than {MOST_AHEAD}"
    return f", behind {counted} that have waited longer"
