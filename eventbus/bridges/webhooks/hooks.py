"""Hooks by which a project says who may be told what, from the `ready` of one of its apps."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from eventbus import Event


class Audience(Protocol):
    """Knows whose an event is, and what of it never leaves the house."""

    def owners(self, events: Sequence[Event]) -> Mapping[UUID, Collection[str]]:
        """Return, by the event's id, the owners of subscriptions that may be told of it.

        Those of the house itself, whose owner is empty, are told of every event.
        """

    def trimmed(self, type: str, data: dict[str, Any]) -> dict[str, Any]:
        """Return an event's JSON data without what nobody outside is to see."""


class HouseOnly:
    """Until the project says more, nobody but the house is told of anything."""

    def owners(self, events: Sequence[Event]) -> Mapping[UUID, Collection[str]]:
        return {}

    def trimmed(self, type: str, data: dict[str, Any]) -> dict[str, Any]:
        return data


class Hooks:
    """What is added: one audience."""

    def __init__(self) -> None:
        self.audience: Audience = HouseOnly()


hooks = Hooks()
