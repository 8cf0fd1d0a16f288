"""How a story stands: done, or why not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from eventbus.console.story_nodes import Story, StoryEvent
from eventbus.console.why_not_done.declared import Decision, decisions, is_leading, outcomes
from eventbus.console.why_not_done.open import is_due, name, open_reasons
from eventbus.console.why_not_done.reason import Reason, moment
from eventbus.delivery.models import Delivery


@dataclass(frozen=True)
class Standing:
    """Why a story is not done, the most telling reason first; none: it is done.

    `ended_by`: the event that ended it, if one has come.
    """

    ended_by: StoryEvent | None
    reasons: list[Reason]

    @property
    def is_done(self) -> bool:
        return not self.reasons

    @property
    def sentence(self) -> str:
        """Say it in one sentence."""
        end = self.ended_by and f"{self.ended_by.type} at {moment(self.ended_by.occurred_at)}"
        if self.reasons:
            begin = f"Ended by {end}, but not all is done" if end else "Not done"
            return f"{begin}: {self.reasons[0].sentence}."
        return f"Done: ended by {end}." if end else "Done: nothing is open or scheduled."

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        reasons = [reason.as_json() for reason in self.reasons]
        return {"done": self.is_done, "sentence": self.sentence, "reasons": reasons}


def standing(story: Story) -> Standing:
    """Return how a story stands.

    It is done when nothing of it is open and an event has come that ends such a story; where it
    is not known which events do, when nothing is scheduled either.
    """
    events, ended_by = story.all_events, story.ended_by
    reasons = list(open_reasons(events))
    if ended_by is None:
        reasons += _ahead(story, events)
    if ended_by is None and story.ends and not reasons:
        reasons.append(_unended(events, story.ends))
    return Standing(ended_by, sorted(reasons, key=lambda reason: reason.telling))


def _ahead(story: Story, events: list[StoryEvent]) -> Iterator[Reason]:
    """Yield what it waits for beside what is open."""
    for event in events:
        yield from _discarded(event)
    for each in decisions(story):
        yield _decision(each)
    for event in events:
        if event.due and not event.published and not is_due(event):
            yield _deadline(event, moment(event.due))


def _decision(each: Decision) -> Reason:
    by = " or ".join(f"{service.app}.{service.name}" for service in each.services)
    release = f"it goes on by {by}" if by else "it goes on when they do"
    what, why = f"{each.event.type} has waited", f"for {each.who or 'a person to decide'}"
    return Reason("person", what, each.event.occurred_at, why, release)


def _discarded(event: StoryEvent) -> Iterator[Reason]:
    for each in event.reactions:
        if each.state == Delivery.State.DISCARDED and is_leading(each.app, each.name, event.type):
            what, why = f"{name(each)} has been discarded", "so what it leads to does not come"
            release = "a person puts that right by hand"
            yield Reason("discarded", what, each.since, why, release, "delivery", each.delivery)


def _deadline(event: StoryEvent, at: str) -> Reason:
    kind = "deadline" if event.kind == "deadline" else "scheduled event"
    found = (f"{by} may emit {' or '.join(types)}" for by, types in outcomes(event.type).items())
    then = ", ".join(found) or "nothing is declared to come of it"
    why = f"for the {kind} {event.type} at {at}"
    return Reason("deadline", "it has waited", event.occurred_at, why, f"then {then}", at=event.due)


def _unended(events: list[StoryEvent], ends: Sequence[str]) -> Reason:
    last = max(events, key=lambda event: event.occurred_at)
    why = f"for {' or '.join(ends)}"
    release = f"nothing is open or scheduled after {last.type}: a person puts it right by hand"
    return Reason("person", "it has waited", last.occurred_at, why, release)
