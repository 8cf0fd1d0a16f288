"""Events about the bus itself: overdue reactions and alerts."""

from datetime import datetime
from uuid import UUID

from eventbus import Event


class ReactionOverdue(Event):
    """A reaction has not answered an event in time. Emitted once per episode."""

    #: the event that has waited longest
    event_id: UUID
    event_type: str
    reacting_app: str
    reaction: str
    waiting_since: datetime


class AlertRaised(Event):
    """Something that is watched is above its limit. Emitted once per episode."""

    alert_id: UUID
    rule: str
    #: an app or reaction; empty where it is about all of them
    about: str
    #: what was found, in words
    message: str
    began_at: datetime


class AlertEnded(Event):
    """What an alert was raised for is over."""

    alert_id: UUID
    rule: str
    about: str
    message: str
    began_at: datetime
    ended_at: datetime
