"""The exceptions of billing. Each text says why, for whoever asked."""


class BillingRefused(Exception):
    """Base of everything the billing app refuses."""


class CardInvalid(BillingRefused, ValueError):
    """A card cannot be used as typed: correct the named fields, then try again.

    `errors` says why, by field: number, expiry, cvc.
    """

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


class NoOpenChallenge(BillingRefused):
    """The payment does not wait for its card's owner: there is nothing to confirm."""


class CannotPayAgain(BillingRefused):
    """The order takes no other card: it is paid, under way, over, or its time to pay is."""


class NoInvoice(BillingRefused):
    """The order is not paid, or not yet: ask again once it is billed."""


class NothingCaptured(BillingRefused):
    """No money was taken for the order, so none can be given back."""


class WrongAmount(BillingRefused):
    """A refund is more than nothing and at most what is left of what was taken."""


class AboveLimit(BillingRefused):
    """More than this person may give back of one order: ask somebody who may."""


class RefundExists(BillingRefused):
    """A refund of this reference was asked for before: it is under way or done."""


class ProcessorRefused(BillingRefused):
    """The processor will not release or give back money: settle it there, then retry."""
