"""The events of webhooks."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from eventbus import Deadline, Event


class SubscriptionDisabled(Event):
    """Nothing is sent to a receiver any more, until somebody enables its subscription again."""

    subscription_id: UUID
    #: who subscribed, as the project calls them; empty: the house itself
    owner: str
    #: of its address: the rest may let somebody in
    host: str
    #: `gone`: the receiver wants no more (410); `failing`: nothing was taken for days
    reason: Literal["gone", "failing", "person"]
    #: since when nothing was taken
    failing_since: datetime | None = None


class SubscriptionTested(Event):
    """Somebody wants to see that a receiver takes what it is sent: it is told of this alone."""

    subscription_id: UUID


class SendingDue(Deadline):
    """Something is to be sent to a receiver: its subscription has a turn."""

    subscription_id: UUID
    #: the turn, from 1: one that was put forward leaves another behind, which does nothing
    turn: int
    #: when it is to be: it sends what is due by then
    at: datetime
