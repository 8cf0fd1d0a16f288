"""Refunds by staff."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser

from billing import services as billing
from orders import services as orders
from orders.errors import CannotReturn
from shop.backoffice.actions.quantities import QuantityAction
from shop.backoffice.models import refund_limit
from shop.backoffice.order import OrderOverview


class Refund(QuantityAction):
    title = "Refund"
    submit_label = "Give the money back"
    advice = (
        "An amount, or units of which the share in money goes back; neither: everything that is "
        "left. It is pending until the card processor has confirmed it."
    )
    permission = "billing.change_charge"

    amount = forms.DecimalField(
        required=False, min_value=Decimal("0.01"), max_digits=14, decimal_places=2
    )
    reason = forms.CharField(max_length=150)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left = f"{self.overview.refundable} {self.overview.currency}"
        self.fields["amount"].help_text = f"at most {left}"
        lines = self.overview.order.lines.all()
        self.add_quantity_fields((line.line, line, line.quantity, 0) for line in lines)
        self.order_fields(["amount", *self.units, "reason"])

    @classmethod
    def is_available(cls, overview: OrderOverview) -> bool:
        return overview.refundable > 0

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        units = self.quantities()
        if units and data.get("amount"):
            self.add_error("amount", "Give an amount or units, not both.")
        try:
            data["worth"] = orders.worth(self.overview.order, units) if units else None
        except CannotReturn as refusal:
            self.add_error(None, str(refusal))
        return data

    def execute(self, user: AbstractUser) -> str:
        said = self.cleaned_data
        amount = said["amount"] or said["worth"] or self.overview.refundable
        billing.refund(
            self.overview.order.id,
            amount,
            said["reason"],
            str(said["key"]),
            limit=refund_limit(user),
        )
        return f"refunded {amount} {self.overview.currency}: {said['reason']}"
