"""What the catalogue tells those who follow it within this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.dispatch import Signal

#: Products, by `ids`, were written in bulk. Sent inside the transaction that wrote them; a
#: single one tells by Django's own `post_save` and `post_delete`.
products_written = Signal()

_in_bulk: ContextVar[bool] = ContextVar("in_bulk", default=False)


@contextmanager
def writing_in_bulk() -> Iterator[set[int]]:
    """Announce the products whose ids are put into this set together, when the block ends.

    Inside the block nobody needs to follow single rows: `is_in_bulk()`.
    """
    written: set[int] = set()
    token = _in_bulk.set(True)
    try:
        yield written
    finally:
        _in_bulk.reset(token)
    products_written.send(sender=None, ids=written)


def is_in_bulk() -> bool:
    """Return whether the row that is being written will be told of together with others."""
    return _in_bulk.get()
