"""The reactions of the analytics app to events."""

from itertools import chain

from analytics.carts import begun
from analytics.counting import counts_of
from analytics.figures import add, summed
from eventbus import Event, reacts_to


@reacts_to(Event, many=True)
def count_event(events: list[Event]) -> None:
    """Add each event, of whatever kind, to the figures of its hour and day."""
    add(summed(chain(*map(counts_of, events), begun(events))))
