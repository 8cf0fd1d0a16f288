"""The event types that people may subscribe to."""

from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured

from eventbus import Event, registry
from eventbus.bridges.webhooks.errors import RefusedSubscription
from eventbus.conf import conf
from eventbus.exceptions import UnknownEventType

#: Of a subscription to nothing.
NAME_ONE = "name one at least"


class Offer(NamedTuple):
    """An event type, and what its docstring says of it."""

    type: str
    about: str


def offers() -> list[Offer]:
    """Return what may be subscribed to, in the order of the setting."""
    return [
        Offer(each.type, (each.__doc__ or "").strip().partition("\n")[0])
        for each in offered_events()
    ]


def offered_events() -> list[type[Event]]:
    """Return the classes of `EVENTBUS_WEBHOOKS_EVENTS`.

    Raises `ImproperlyConfigured` for a name that is no event's: a timer or task is none.
    """
    return [_event_class(name) for name in conf.WEBHOOKS_EVENTS]


def checked_types(types: list[str]) -> list[str]:
    """Return the types, each once and sorted. Raises `RefusedSubscription` for one not offered."""
    wanted = sorted(set(types))
    if unknown := [each for each in wanted if each not in conf.WEBHOOKS_EVENTS]:
        known = ", ".join(conf.WEBHOOKS_EVENTS) or "none"
        message = "%(unknown)s: not one of %(known)s"
        raise RefusedSubscription("event_types", message, unknown=", ".join(unknown), known=known)
    if not wanted:
        raise RefusedSubscription("event_types", NAME_ONE)
    return wanted


def _event_class(name: str) -> type[Event]:
    try:
        found = registry.event_class(name)
    except UnknownEventType as error:
        raise ImproperlyConfigured(f"EVENTBUS_WEBHOOKS_EVENTS: {error}") from error
    if found.event_kind != "event":
        raise ImproperlyConfigured(f"EVENTBUS_WEBHOOKS_EVENTS: {name} is no fact")
    return found
