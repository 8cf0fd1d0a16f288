"""A registry of a test's own: nothing is in it but what the test declares."""

from collections.abc import Iterator
from contextlib import contextmanager

from eventbus import registry


@contextmanager
def no_reactions() -> Iterator[None]:
    """Nobody reacts to anything, but to what is declared within."""
    known = registry._reactions.copy()
    registry._reactions.clear()
    registry.wanted.cache_clear()
    try:
        yield
    finally:
        registry._reactions.clear()
        registry._reactions.update(known)
        registry.wanted.cache_clear()
