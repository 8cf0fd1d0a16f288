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
    return LEADING_ON if registry.is_waited_for(app) else LAST
