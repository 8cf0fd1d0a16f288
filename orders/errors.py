"""Why the orders app says no. Each is shown to a person as it is."""


class OrderRefusal(Exception):
    """Base of every refusal of the orders app."""


class OrderInvalid(OrderRefusal):
    """The order as asked for cannot be placed; names the field and what would be right."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field


class TooMuchUnpaid(OrderRefusal):
    """The visitor has so much ordered and not paid that this order would be too much."""


class UnknownOrder(OrderRefusal):
    """There is no such order."""


class CannotCancel(OrderRefusal):
    """The order has gone too far, or has ended already."""


class CannotHold(OrderRefusal):
    """The order cannot be put on hold, or is on none that could end."""


class CannotReturn(OrderRefusal):
    """These units cannot go back."""


class UnknownReturn(OrderRefusal):
    """There is no such return."""


class AlreadyDecided(OrderRefusal):
    """Whether these goods come back has been decided."""


class NotDelivered(OrderRefusal):
    """The goods have not arrived: the return is decided once they have."""
