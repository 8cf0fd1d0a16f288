"""Errors that end a replay early. Each message is one that a person can act on."""


class ReplayError(Exception):
    """Base of every error of a replay."""


class Unreadable(ReplayError):
    """The file cannot be replayed, nothing was placed: mend what the message points to."""


class BadOption(ReplayError):
    """An option has a value it cannot have, nothing was placed: the message says what it may be."""


class Stalled(ReplayError):
    """Nothing moves any more: start, or look at, what the message says is being waited for."""
