"""The exceptions of fraud. Each text says why, for whoever asked."""


class FraudRefused(Exception):
    """Base of everything the fraud app refuses."""


class NotFlagged(FraudRefused):
    """The order does not wait for a decision: it was never flagged, or was cancelled since."""


class AlreadyDecided(FraudRefused):
    """Somebody decided before; one decision stands for good."""
