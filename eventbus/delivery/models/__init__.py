"""Every event ever emitted, what became of each reaction to it, and what operators did about it."""

from eventbus.delivery.models.delivery import Delivery, LockedDelivery
from eventbus.delivery.models.operating import OperatorAction, Pause
from eventbus.delivery.models.outbox import OutboxEvent

__all__ = ["Delivery", "LockedDelivery", "OperatorAction", "OutboxEvent", "Pause"]
