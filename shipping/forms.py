"""The form on which staff pack a part of an order."""

from typing import Any

from django import forms

from shipping import services
from shipping.errors import ShippingRefused
from shipping.models import Shipment


class PartForm(forms.Form):
    """A quantity for each line that still has units in no parcel; at first all of them."""

    def __init__(self, shipment: Shipment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shipment = shipment
        for line in shipment.lines.all():
            if line.left:
                self.fields[str(line.position)] = forms.IntegerField(
                    label=f"{line.sku} {line.title}",
                    help_text=f"{line.left} of {line.quantity} left",
                    initial=line.left,
                    min_value=0,
                    required=False,
                )

    def ship(self, by: str) -> bool:
        """Pack what the form says; False when refused, with the reason on the form."""
        quantities = {int(name): units for name, units in self.cleaned_data.items() if units}
        try:
            services.ship_part(self.shipment.order_id, quantities, by)
        except ShippingRefused as refusal:
            self.add_error(None, str(refusal))
            return False
        return True
