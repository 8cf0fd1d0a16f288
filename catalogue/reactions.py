"""The reactions of the catalogue to events."""

from catalogue import availability
from eventbus import reacts_to
from inventory.events import InventoryUpdated


@reacts_to(InventoryUpdated, many=True)
def show_availability(events: list[InventoryUpdated]) -> None:
    availability.note_levels(level for event in events for level in event.levels)
