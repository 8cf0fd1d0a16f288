"""What a project adds to the console, from the `ready` of one of its apps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from eventbus.delivery.models import OutboxEvent


@dataclass(frozen=True)
class Named:
    """Something that a story is about: its subject, and the number people call it by."""

    number: str
    subject: str
    at: datetime


class Lookup(Protocol):
    """Finds stories by what people have in hand. What is not known gives nothing, no error."""

    #: what a story is about, as in "order 100001"
    noun: str

    def subject_of(self, number: str) -> str | None:
        """The subject of the story of this number."""

    def number_in(self, rows: Iterable[OutboxEvent], subject: str) -> str | None:
        """The number of a subject, from the events of its story."""

    def subject_behind(self, row: OutboxEvent) -> str:
        """The subject of the story that an event about something else belongs to, or its own."""

    def page_of(self, subject: str, user: Any) -> str | None:
        """The address of its page elsewhere, if this user may see one."""

    def of_person(self, id: str) -> list[Named]:
        """What a customer, by id, has a part in, the newest first."""

    def of_address(self, address: str) -> list[Named]:
        """What belongs to a mail address, the newest first."""


class NoLookup:
    """Without one, stories are found by ids alone."""

    noun = "subject"

    def subject_of(self, number: str) -> str | None:
        return None

    def number_in(self, rows: Iterable[OutboxEvent], subject: str) -> str | None:
        return None

    def subject_behind(self, row: OutboxEvent) -> str:
        return row.subject

    def page_of(self, subject: str, user: Any) -> str | None:
        return None

    def of_person(self, id: str) -> list[Named]:
        return []

    def of_address(self, address: str) -> list[Named]:
        return []


@dataclass(frozen=True)
class Panel:
    """A part of the front page: a template, and what makes its context."""

    template: str
    context: Callable[[], dict[str, Any]]


class Hooks:
    """What is added: one lookup, and any number of panels on the front page."""

    def __init__(self) -> None:
        self.lookup: Lookup = NoLookup()
        self.panels: list[Panel] = []


hooks = Hooks()
