"""What pricing refuses. Each text says why, for the shopper, in their language."""


class PricingRefused(Exception):
    """Base of everything pricing refuses."""


class PromotionRefused(PricingRefused):
    """The code does not apply to this order: leave it out, or change the order."""


class PromotionUnknown(PromotionRefused):
    """There is no such code, or staff have switched it off."""


class PromotionNotYet(PromotionRefused):
    """The promotion has not begun."""


class PromotionExpired(PromotionRefused):
    """The promotion is over."""


class MinimumNotReached(PromotionRefused):
    """The goods cost less than the promotion asks for."""


class LimitReached(PromotionRefused):
    """The code has been used as often as it may be, by everybody or by this customer."""


class PointsRefused(PricingRefused):
    """The shopper does not have so many points."""
