"""The exceptions of the rides app. Each text says why, for whoever asked."""


class RideRefused(Exception):
    """Base of what the rides app refuses."""


class NoName(RideRefused):
    """A driver must know whom to look for."""


class NoSuchPlace(RideRefused):
    """There is no such corner in the town."""


class NothingToDrive(RideRefused):
    """The ride would end where it begins."""


class TooLate(RideRefused):
    """The ride has begun, or is over: it cannot be cancelled any more."""
