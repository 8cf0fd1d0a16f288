"""What is refused; each text is for people."""

from eventbus.exceptions import BusError


class RefusedSubscription(BusError):
    """A subscription cannot be as it was asked for: `field` is what is wrong, `why` says how.

    A project translates `message`, in which `params` have their names.
    """

    def __init__(self, field: str, message: str, **params: object) -> None:
        super().__init__(field, message, params)
        self.field, self.message, self.params = field, message, params

    def __str__(self) -> str:
        return f"{self.field}: {self.why}"

    @property
    def why(self) -> str:
        return self.message % self.params


class CannotSend(BusError):
    """A message cannot be sent now: the text says what to do first."""


class RefusedAddress(BusError):
    """A receiver's address is not one of the public internet: nothing was sent there."""
