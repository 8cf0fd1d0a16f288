"""Hold, release and cancel an order."""

from django import forms
from django.contrib.auth.models import AbstractUser

from orders import services as orders
from shop.backoffice.actions.action import Action
from shop.backoffice.order import OrderOverview


class Hold(Action):
    title = "Hold"
    submit_label = "Put on hold"
    advice = "Nothing of it is shipped until somebody releases it."
    permission = "orders.hold_order"

    reason = forms.CharField(max_length=150)

    @classmethod
    def is_available(cls, overview: OrderOverview) -> bool:
        return overview.is_open and not overview.order.held_at

    def execute(self, user: AbstractUser) -> str:
        reason = self.cleaned_data["reason"]
        orders.hold_order(self.overview.order.id, by=user.get_username(), reason=reason)
        return f"put it on hold: {reason}"


class Release(Action):
    title = "Release"
    submit_label = "Let it go its way"
    permission = "orders.hold_order"

    @classmethod
    def is_available(cls, overview: OrderOverview) -> bool:
        return overview.is_open and bool(overview.order.held_at)

    def execute(self, user: AbstractUser) -> str:
        orders.release_order(self.overview.order.id, by=user.get_username())
        return "released it"


class Cancel(Action):
    title = "Cancel"
    submit_label = "Cancel the order"
    advice = "Shipping is asked first: a parcel that has left is not called back."
    permission = "orders.cancel_order"
    is_destructive = True

    reason = forms.CharField(max_length=150, help_text="the customer may read it")
    restock = forms.BooleanField(
        label="Sell its goods to others",
        initial=True,
        required=False,
        help_text="otherwise they are written off",
    )
    refund = forms.BooleanField(
        label="Give its money back",
        initial=True,
        required=False,
        help_text="money only held on a card is released in any case",
    )

    @classmethod
    def is_available(cls, overview: OrderOverview) -> bool:
        return overview.is_open

    def execute(self, user: AbstractUser) -> str:
        said = self.cleaned_data
        orders.request_cancellation(
            self.overview.order.id,
            reason="staff",
            detail=said["reason"],
            restock=said["restock"],
            refund=said["refund"],
        )
        kept = "" if said["refund"] else ", without its money"
        lost = "" if said["restock"] else ", its goods written off"
        return f"asked to cancel it{kept}{lost}: {said['reason']}"
