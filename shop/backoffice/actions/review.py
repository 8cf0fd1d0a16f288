"""Decisions of staff: fraud, and returns."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.models import AbstractUser

from fraud import services as fraud
from orders import services as orders
from shop.backoffice.actions.action import Action, Target
from shop.backoffice.order import OrderOverview

CLEAR, REFUSE = "clear", "refuse"


class Decide(Action):
    title = "Decide about fraud"
    submit_label = "Decide"
    advice = "One decision stands for good: a refused order is cancelled."
    permission = "fraud.change_screening"

    verdict = forms.ChoiceField(
        choices=[(CLEAR, "Clear: let it go on"), (REFUSE, "Refuse: take it for fraud")],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(max_length=150, required=False, help_text="when refusing")

    @classmethod
    def is_available(cls, overview: OrderOverview) -> bool:
        return overview.awaits_decision

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verdict") == REFUSE and not data.get("why"):
            self.add_error("why", "Say why.")
        return data

    def execute(self, user: AbstractUser) -> str:
        order_id, by, why = self.overview.order.id, user.get_username(), self.cleaned_data["why"]
        if self.cleaned_data["verdict"] == CLEAR:
            fraud.clear(order_id, by)
            return "cleared it of fraud"
        fraud.refuse(order_id, by, why)
        return f"refused it for fraud: {why}"


class _OfReturn(Action):
    permission = "orders.change_return"
    of_part = True

    @classmethod
    def is_available(cls, overview: OrderOverview) -> bool:
        return bool(overview.returns_to_decide)

    @classmethod
    def targets(cls, ids: Sequence[UUID]) -> list[Target]:
        found = orders.returns_among(ids)
        return [Target(back.order_id, back.pk, back.order.number) for back in found]

    def is_about_the_order(self) -> bool:
        return any(back.pk == self.part for back in self.overview.order.returns.all())


class ApproveReturn(_OfReturn):
    title = "Approve the return"
    submit_label = "The goods may come back"

    def execute(self, user: AbstractUser) -> str:
        orders.approve_return(self.part_id, by=user.get_username())
        return "approved a return"


class RefuseReturn(_OfReturn):
    title = "Refuse the return"
    submit_label = "Do not take the goods back"
    is_destructive = True

    reason = forms.CharField(max_length=150, help_text="the customer reads it")

    def execute(self, user: AbstractUser) -> str:
        reason = self.cleaned_data["reason"]
        orders.refuse_return(self.part_id, by=user.get_username(), reason=reason)
        return f"refused a return: {reason}"
