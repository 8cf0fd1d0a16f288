"""What app_a emits."""

from decimal import Decimal
from uuid import UUID

from eventbus import Event


class NoteSent(Event, version=2):
    """Somebody sent a note. `does`: what befalls whom on reading it, by app."""

    note: UUID
    does: dict[str, str] = {}
    text: str = ""
    price: Decimal = Decimal(0)


class NoteAnswered(Event):
    """App_a answered a note."""

    note: UUID
    text: str


class SecretTold(Event):
    """Something for app_b only."""

    note: UUID


class NothingSaid(Event):
    """Something nobody reacts to."""

    note: UUID
