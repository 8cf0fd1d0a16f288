"""Giving money back."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser

from billing import services as billing
from orders import services as orders
from orders.errors import CannotReturn
from shop.backoffice.actions.units import ByUnits
from shop.backoffice.models import refund_limit
from shop.backoffice.order import Facts


class Refund(ByUnits):
    title = "Refund"
    submit = "Give the money back"
    advice = (
        "An amount, or units of which the share in money goes back; neither: everything that is "
        "left. It is pending until the card processor has said so."
    )
    permission = "billing.change_charge"

    amount = forms.DecimalField(
        required=False, min_value=Decimal("0.01"), max_digits=14, decimal_places=2
    )
    reason = forms.CharField(max_length=150)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left = f"{self.facts.refundable} {self.facts.currency}"
        self.fields["amount"].help_text = f"at most {left}"
        lines = self.facts.order.lines.all()
        self.add_units((line.line, line, line.quantity, 0) for line in lines)
        self.order_fields(["amount", *self.units, "reason"])

    @classmethod
    def offered(cls, facts: Facts) -> bool:
        return facts.refundable > 0

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        units = self.units_typed()
        if units and data.get("amount"):
            self.add_error("amount", "Give an amount or units, not both.")
        try:
            data["worth"] = orders.worth(self.facts.order, units) if units else None
        except CannotReturn as refusal:
            self.add_error(None, str(refusal))
        return data

    def carry_out(self, user: AbstractUser) -> str:
        said = self.cleaned_data
        amount = said["amount"] or said["worth"] or self.facts.refundable
        billing.refund(
            self.facts.order.id,
            amount,
            said["reason"],
            str(said["key"]),
            limit=refund_limit(user),
        )
        return f"refunded {amount} {self.facts.currency}: {said['reason']}"
