"""What app_a emits."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from eventbus import Event, upcasts


class NoteSent(Event, version=2):
    """Somebody sent a note. `does`: what befalls whom on reading it, by app."""

    note: UUID
    does: dict[str, str] = {}
    text: str = ""
    price: Decimal = Decimal(0)


@upcasts(NoteSent, from_version=1)
def dictated(data: dict[str, Any]) -> dict[str, Any]:
    return {"text": data.pop("words", ""), **data}


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


class NoteWeighed(Event, foreign_source="//scales", foreign_type="scales.weighed"):
    """Scales of somebody else weighed a note."""

    note: UUID
    grams: int
