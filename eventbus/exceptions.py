"""The exceptions of the bus. Each docstring names the cure."""


def in_one_line(error: BaseException) -> str:
    """Return an error's message in one line, for a log or a person."""
    return " ".join(str(error).split())


def storable(text: str) -> str:
    """Return a text that PostgreSQL takes: nulls and lone surrogates are escaped."""
    return text.replace("\0", "\\0").encode(errors="backslashreplace").decode()


class BusError(Exception):
    """Base of every error the bus raises."""


class PermanentError(BusError):
    """Fails each time until somebody mends the code or the data: mend it, then retry."""


class OutsideTransaction(PermanentError):
    """`emit` was called outside a transaction.

    Wrap the change that made the fact true and the `emit` in one
    `transaction.atomic()`: otherwise one could be committed without the other.
    """


class LockEnded(PermanentError):
    """A row was changed after the transaction that locked it: the change is not saved.

    End the block of `get_for_update` before an external call, and lock the row anew after it.
    """


class UndeclaredEvent(PermanentError):
    """A reaction or service emitted what it does not declare.

    Add the event to `@reacts_to(..., emits=[...])`, or to `@emits(...)` above the function that
    a person, a command or the clock starts; or mend what emits it. A reaction that takes many
    emits `with because_of(event)`.
    """


class NotGiven(PermanentError):
    """A reaction asked about another event than those that it was given."""


class UnknownEventType(BusError):
    """This code has no event class of that name: deploy the code that has it, then retry."""


class NewerVersion(BusError):
    """The event was emitted by newer code than this: deploy that code, then retry."""


class InvalidEvent(PermanentError):
    """The event's data does not fit its class: mend the data or the class, then retry."""


class InvalidDefinition(PermanentError):
    """An event class or reaction is declared wrongly: the message says what to change."""


class TopologyMissing(BusError):
    """The broker lacks a queue or binding: run `manage.py declare_topology`."""


class TopologyConflict(BusError):
    """The broker has something of another kind under a name of ours: the message says what."""


class NoProjectApp(PermanentError):
    """A reaction sends a task of Celery's, and the project has no Celery app of its own.

    Make one in `mysite/celery.py`, import it in `mysite/__init__.py`, and start a worker of it: the
    workers of the bus run events, and nothing else.
    """


class BrokerNotAccepting(BusError):
    """The broker answers and takes no messages: full, read-only, or under alarm; see its log."""


class BrokerMisconfigured(BusError):
    """The broker is set up so that it may lose what it was given: the message says how."""


class StartupError(BusError):
    """A program lacks what it needs to start: the message says what."""


class EventTooLarge(PermanentError):
    """An event says too much: let it name what can be looked up, or raise `EVENTBUS_MAX_EVENT`."""


class MessageRejected(BusError):
    """A message is not of the bus, and nothing of it runs: find out who can write to the broker.

    Where keys were changed: `EVENTBUS_KEYS` must hold the old key until every relay signs by the
    new.
    """


class NotAccepted(BusError):
    """A foreign event is not taken in: its sender mends it, or its class is mended or declared.

    `kind` is the same for all that are refused alike.
    """

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind


class RedactionUnavailable(BusError):
    """A redaction was asked for, and `eventbus.history`, which does it, is not installed."""
