"""The reactions of the analytics app to events."""

from analytics.counting import counts_of
from analytics.figures import add, summed
from eventbus import Event, reacts_to


@reacts_to(Event)
def count_event(event: Event) -> None:
    """Add the event, of whatever kind, to the figures of its hour and day."""
    add(summed(counts_of(event), event.occurred_at))
