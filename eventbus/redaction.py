"""Asking for the redaction of history."""

from collections.abc import Iterable

from eventbus.context import current_cause, current_reaction
from eventbus.event import Event
from eventbus.exceptions import InvalidDefinition, RedactionUnavailable
from eventbus.signals import redaction_requested


def redact(
    subjects: Iterable[object], *, matching_text: str = "", event_types: Iterable[type[Event]] = ()
) -> None:
    """Have everything `Personal` blanked in events about these subjects.

    With `matching_text`, a personal text such as an e-mail address, also in the events of
    `event_types` that have it as a field. Ids and figures stay.

    A relay does it, event by event, once no reaction needs the event any more.
    It goes on until all reactions to the event that caused this are closed: an
    app that was off may state something personal until it has reacted, too.

    Raises `RedactionUnavailable` where the history app is not installed, `InvalidDefinition`
    in a call for many events that does not say because of which.
    """
    if not redaction_requested.has_listeners():
        raise RedactionUnavailable("install eventbus.history: without it no history is blanked")
    cause = current_cause()
    if current_reaction() and not cause:
        raise InvalidDefinition(f"{current_reaction()}: redact `with because_of(event)`")
    redaction_requested.send(
        sender=None,
        subjects=[str(subject) for subject in subjects],
        matching_text=matching_text,
        event_types=[event_class.type for event_class in event_types],
        cause_id=cause.id if cause else None,
    )
