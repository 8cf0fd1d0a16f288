"""What customers read about webhooks: what each event means, and why something is refused."""

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from eventbus.bridges.webhooks.errors import RefusedSubscription

MEANINGS = {
    "orders.OrderPlaced": _("An order was placed"),
    "orders.OrderReduced": _("Some units of an order will not come"),
    "orders.OrderCancelled": _("An order was cancelled"),
    "orders.OrderCompleted": _("An order is delivered and paid for"),
    "billing.PaymentFailed": _("A payment was refused"),
    "billing.PaymentCompleted": _("A payment was taken"),
    "billing.PaymentRefunded": _("Money was given back"),
    "shipping.OrderShipped": _("A parcel was handed to the carrier"),
    "shipping.OrderDelivered": _("A parcel has arrived"),
    "orders.ReturnRequested": _("A return was asked for"),
    "orders.ReturnApproved": _("A return was approved"),
    "orders.ReturnRefused": _("A return was refused"),
    "orders.ReturnReceived": _("Goods came back"),
    "webhooks.SubscriptionTested": _("A test message"),
}

#: All that the bus refuses, as it says it.
REFUSALS = {
    gettext_noop("%(unknown)s: not one of %(known)s"),
    gettext_noop("name one at least"),
    gettext_noop("you have %(most)s subscriptions already"),
    gettext_noop("must be an address of at most %(longest)s characters, without blanks"),
    gettext_noop("is not a web address"),
    gettext_noop("must begin with %(schemes)s and a host"),
    gettext_noop("must have no user name or password; the signature says who sends"),
    gettext_noop("must have no part after #, which no server gets"),
    gettext_noop("must have port 443, or one from %(lowest)s"),
    gettext_noop("has a host that is not a name"),
    gettext_noop("its address is not one of the public internet"),
    gettext_noop("must have only characters of ASCII after its host; write others as %%XX"),
}


def meaning_of(event_type: str) -> str:
    """Return what a type means; of one that has no text here, its name."""
    return str(MEANINGS.get(event_type, event_type))


def why(refusal: RefusedSubscription) -> str:
    """Return why a subscription is refused, in the reader's language."""
    return gettext(refusal.message) % refusal.params
