"""The stories that failures hold up, by the names that people call them by."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from eventbus.console.hooks import hooks
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.operations.failure_impact import held_up_events
from eventbus.operations.failures import FailureGroup, Key

#: Stories that are listed.
SHOWN = 20


@dataclass(frozen=True)
class HeldUpStory:
    """A story by its subject, its number if it has one, and the event of it that is held up."""

    subject: str
    number: str | None
    event: OutboxEvent

    @property
    def name(self) -> str:
        return self.number or self.subject

    @property
    def noun(self) -> str:
        """Return what it is about: what the project's lookup finds by numbers, or any story."""
        return hooks.lookup.noun if self.number else "story"


def held_up_stories(rows: QuerySet[Delivery]) -> list[HeldUpStory]:
    """Return the oldest stories that these deliveries hold up."""
    return _stories(held_up_events(rows, SHOWN))


def nouns(groups: Iterable[FailureGroup]) -> dict[Key, str]:
    """Return what the stories that each group holds up are about, by its first delivery's."""
    by_delivery = {group.first: group.key for group in groups}
    firsts = Delivery.objects.filter(pk__in=by_delivery).select_related("event").defer("error")
    rows = list(firsts)
    told = _stories(row.event for row in rows)
    return {by_delivery[row.pk]: story.noun for row, story in zip(rows, told, strict=True)}


def _stories(events: Iterable[OutboxEvent]) -> list[HeldUpStory]:
    wanted = list(events)
    beginnings = OutboxEvent.objects.filter(pk__in={event.correlation_id for event in wanted})
    begun = list(beginnings)
    return [_story(event, begun) for event in wanted]


def _story(event: OutboxEvent, beginnings: Iterable[OutboxEvent]) -> HeldUpStory:
    subject = hooks.lookup.subject_behind(event)
    return HeldUpStory(subject, hooks.lookup.number_in(beginnings, subject), event)
