"""A letter: what the shop has to say to whom about an event, before it is written down."""

from typing import Any
from uuid import UUID, uuid5

from django.utils.functional import Promise

from eventbus import Event


class Letter:
    """A mail of this kind about `event`; `facts` go to its templates.

    A sealed `link` stands in what is sent alone. The event's fields fill the `%(gaps)s` of the
    subject.
    """

    def __init__(
        self,
        kind: str,
        event: Event,
        *,
        to: str,
        subject: str | Promise,
        link: str = "",
        **facts: Any,
    ) -> None:
        self.kind, self.event, self.to = kind, event, to
        self.subject, self.link, self.facts = subject, link, facts

    @property
    def id(self) -> UUID:
        """The id of its mail: the same each time the event comes."""
        return uuid5(self.event.id, f"{self.kind} {self.to}")
