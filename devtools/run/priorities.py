"""Which workers go first where the processors are busy."""

from eventbus import registry

#: The niceness of a worker for whose events another app waits. The web process goes before it.
LEADING_ON = 10
#: That of one whose work nothing follows from: figures, lists, mails.
LAST = 15


def niceness(app: str) -> int:
    """Return the niceness of an app's worker, by what its reactions declare to emit.

    So an order does not wait for what is only told of it.
    """
    emitted = {
        event.type
        for _, reaction in registry.all_reactions()
        if reaction.app == app
        for event in reaction.emits
    }
    return LEADING_ON if any(_is_waited_for(type, app) for type in emitted) else LAST


def _is_waited_for(type: str, by_another_than: str) -> bool:
    """Return whether a reaction of another app emits something because of an event."""
    reactions = registry.reactions_to(type)
    return any(reaction.app != by_another_than and reaction.emits for reaction in reactions)
