"""The base class of staff actions on an order."""

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple
from uuid import UUID, uuid4

from django import forms
from django.contrib.auth.models import AbstractUser
from django.db import transaction

from billing.errors import BillingRefused
from fraud.errors import FraudRefused
from notifications.errors import NotificationsRefused
from orders import services as orders
from orders.errors import OrderRefusal
from shipping.errors import ShippingRefused
from shop.backoffice.models import StaffAction
from shop.backoffice.order import OrderOverview

REFUSALS = (BillingRefused, FraudRefused, NotificationsRefused, OrderRefusal, ShippingRefused)


class Target(NamedTuple):
    """An order, or a part of one, that an action runs on; `number` is the order's."""

    order_id: UUID
    part: UUID | None
    number: str


class Action(forms.Form):
    """A dialog: its fields, the permission it needs, when it is available, what it does.

    It runs once however often its button is pressed: the idempotency key comes with the dialog.
    """

    #: on the button that opens the dialog, and above the dialog
    title: ClassVar[str]
    #: on the button inside the dialog
    submit_label: ClassVar[str]
    #: what one should know before submitting
    advice: ClassVar[str] = ""
    #: app label and codename
    permission: ClassVar[str]
    #: whether it cannot be undone
    is_destructive: ClassVar[bool] = False
    #: whether it is about a part of the order, such as a mail, and has no button of its own
    of_part: ClassVar[bool] = False
    #: templates use the classes themselves, without calling them
    do_not_call_in_templates: ClassVar[bool] = True

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        overview: OrderOverview,
        part: UUID | None = None,
        data: Any = None,
        *,
        auto_id: str = "id_%s",
    ) -> None:
        super().__init__(data, initial={"key": uuid4()}, auto_id=auto_id)
        self.overview, self.part = overview, part

    @property
    def part_id(self) -> UUID:
        """Return the id of the part that the action is about."""
        assert self.part, "it is about the whole order"
        return self.part

    @classmethod
    def is_available(cls, overview: OrderOverview) -> bool:
        """Tell whether the button is shown."""
        raise NotImplementedError

    @classmethod
    def targets(cls, ids: Sequence[UUID]) -> list[Target]:
        """Return the targets of a bulk run; ids that do not exist are left out."""
        return [Target(id, None, number) for id, number in orders.numbers_of(ids).items()]

    def is_about_the_order(self) -> bool:
        """Tell whether the part belongs to the order."""
        return self.part is None

    def execute(self, user: AbstractUser) -> str:
        """Do it, and return what was done, in the past tense, for the timeline.

        Raises one of `REFUSALS`.
        """
        raise NotImplementedError

    def submit(self, user: AbstractUser) -> str | None:
        """Execute it once; return what was done, or None if it was done before or is refused.

        A refusal becomes an error of the form, and nothing is changed.
        """
        key, order = self.cleaned_data["key"], self.overview.order
        try:
            with transaction.atomic():
                if not StaffAction.begun(key, order.id, user.get_username(), ""):
                    return None
                outcome = self.execute(user)
                StaffAction.objects.filter(key=key).update(what=outcome[:200])
                return outcome
        except REFUSALS as refusal:
            self.add_error(None, str(refusal))
            return None
