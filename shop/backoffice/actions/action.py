"""The base of what staff can do to an order."""

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
from shop.backoffice.order import Facts

REFUSALS = (BillingRefused, FraudRefused, NotificationsRefused, OrderRefusal, ShippingRefused)


class Target(NamedTuple):
    """An order, or a part of it, that an action is done to; `number` is the order's."""

    order_id: UUID
    part: UUID | None
    number: str


class Action(forms.Form):
    """A dialog: its fields, who may, when it is offered, and what it does.

    Done once however often its button is pressed: the key is made with the dialog.
    """

    #: on its button and above its dialog
    title: ClassVar[str]
    #: on the button within
    submit: ClassVar[str]
    #: what whoever presses it should know
    advice: ClassVar[str] = ""
    #: what it needs, as app label and codename
    permission: ClassVar[str]
    #: whether it ends something for good
    is_grave: ClassVar[bool] = False
    #: whether it is about a part of the order, such as a mail, and has no button of its own
    of_part: ClassVar[bool] = False
    #: templates get the classes behind the buttons
    do_not_call_in_templates: ClassVar[bool] = True

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, facts: Facts, part: UUID | None = None, data: Any = None, *, auto_id: str = "id_%s"
    ) -> None:
        super().__init__(data, initial={"key": uuid4()}, auto_id=auto_id)
        self.facts, self.part = facts, part

    @property
    def part_id(self) -> UUID:
        """The id of the part that it is about."""
        assert self.part, "it is about the whole order"
        return self.part

    @classmethod
    def offered(cls, facts: Facts) -> bool:
        """Whether its button is shown."""
        raise NotImplementedError

    @classmethod
    def targets(cls, ids: Sequence[UUID]) -> list[Target]:
        """What it is done to where it is done to many: those there are of these ids."""
        return [Target(id, None, number) for id, number in orders.numbers_of(ids).items()]

    def is_about_the_order(self) -> bool:
        """Whether its part is one of the order's."""
        return self.part is None

    def carry_out(self, user: AbstractUser) -> str:
        """Do it; returns what was done, in the past tense, for the timeline. Raises a refusal."""
        raise NotImplementedError

    def press(self, user: AbstractUser) -> str | None:
        """Do it once: what was done, or None when it was done before or is refused.

        A refusal stands on the form, and nothing is done then.
        """
        key, order = self.cleaned_data["key"], self.facts.order
        try:
            with transaction.atomic():
                if not StaffAction.begun(key, order.id, user.get_username(), ""):
                    return None
                told = self.carry_out(user)
                StaffAction.objects.filter(key=key).update(what=told[:200])
                return told
        except REFUSALS as refusal:
            self.add_error(None, str(refusal))
            return None
