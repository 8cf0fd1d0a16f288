"""The reactions of the catalogue to events."""

from catalogue import adjusting, availability
from catalogue.events import PriceAdjusted, PriceResetDue
from eventbus import emit, reacts_to
from inventory.events import InventoryUpdated


@reacts_to(InventoryUpdated, many=True)
def show_availability(events: list[InventoryUpdated]) -> None:
    availability.note_levels(level for event in events for level in event.levels)


@reacts_to(PriceAdjusted, emits=[PriceResetDue], rebuild="skip")
def adjust_price(event: PriceAdjusted) -> None:
    """Sell at the adjusted price; of a variant that is not listed there is none."""
    adjusting.adjust(event)
    if event.factor != 1:
        emit(PriceResetDue(sku=event.sku), publish_after=event.ends_at)


@reacts_to(PriceResetDue, rebuild="skip")
def reset_price(event: PriceResetDue) -> None:
    adjusting.list_price(event.sku)
