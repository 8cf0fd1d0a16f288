"""The reactions of the catalogue to events."""

from catalogue import availability
from eventbus import reacts_to
from inventory.events import InventoryUpdated


@reacts_to(InventoryUpdated)
def show_availability(event: InventoryUpdated) -> None:
    availability.note_levels(event.levels)
