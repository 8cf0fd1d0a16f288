"""The exceptions of shipping. Each text says why, for the person who asked."""


class ShippingRefused(Exception):
    """Base of everything the shipping app refuses."""


class NotBilled(ShippingRefused):
    """The order is not paid and invoiced yet: wait until it is billed."""


class OnHold(ShippingRefused):
    """The order is on hold: release it first."""


class TrackingNumberTaken(ShippingRefused):
    """Another parcel has this tracking number: look for a typing error."""


class AlreadyStopped(ShippingRefused):
    """The shipment was stopped: nothing of it will ever leave; a new order is needed."""


class AlreadyShipped(ShippingRefused):
    """Everything ordered is in parcels that left or are leaving, or was closed."""


class AlreadyLeaving(ShippingRefused):
    """A parcel left or is leaving: it is too late to hold the order back."""


class NotOnItsWay(ShippingRefused):
    """The parcel arrived, was given up before, or has not left: there is nothing to give up."""


class NothingToShip(ShippingRefused):
    """A parcel holds at least one unit, no line fewer than none, and goods that are shipped."""


class MoreThanOrdered(ShippingRefused):
    """More was asked for than is left of a line: lower the quantity."""
