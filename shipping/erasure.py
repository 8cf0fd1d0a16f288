"""Forgetting where parcels went, but for the country."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from eventbus import masked
from orders.events import Address
from shipping.models import SandboxParcel, Shipment


def forget(order_ids: Iterable[UUID]) -> None:
    """Blank the addresses of these orders, at the sandbox carrier as well: its books are ours."""
    for order_id in sorted(order_ids):
        with Shipment.objects.get_or_create_for_update(pk=order_id) as shipment:
            shipment.forget(timezone.now())
            forget_labels(shipment)


def forget_labels(shipment: Shipment) -> None:
    """Blank the labels of a forgotten shipment; nothing of any other.

    Also called when the carrier has answered: it may have been asked before, for where to.
    """
    if not shipment.erased_at:
        return
    references = [*shipment.parcels.values_list("pk"), *shipment.return_parcels.values_list("pk")]
    for parcel in SandboxParcel.objects.filter(pk__in=[pk for (pk,) in references]):
        for way in {"to", "from"} & set(parcel.label):
            parcel.label[way] = masked(Address, parcel.label[way])
        parcel.label["written"] = []
        parcel.save(update_fields=["label"])
