"""What can go wrong on the bus. Each docstring names the cure."""


class BusError(Exception):
    """Base of every error the bus raises."""


class OutsideTransaction(BusError):
    """`emit` was called outside a transaction.

    Wrap the change that made the fact true and the `emit` in one
    `transaction.atomic()`: otherwise one could be committed without the other.
    """


class UnknownEventType(BusError):
    """This code has no event class of that name: deploy the code that has it, then retry."""


class NewerVersion(BusError):
    """The event was stated by newer code than this: deploy that code, then retry."""


class InvalidEvent(BusError):
    """The event's data does not fit its class: mend the data or the class, then retry."""


class InvalidDefinition(BusError):
    """An event class or reaction is declared wrongly: the message says what to change."""


class TopologyMissing(BusError):
    """The broker lacks a queue or binding: run `manage.py declare_topology`."""
