"""Writing down what staff change, and only that: with who did it, in the admin.

What customers and workers change is told by events. Who has which role is written down wherever
it is changed. auditlog's own middleware would look at every request of the shop.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.contrib.admin.models import LogEntry as AdminLogEntry
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.contenttypes.models import ContentType

from shop.staff.models import OrderComment

_in_admin: ContextVar[bool] = ContextVar("in_admin", default=False)


@contextmanager
def made_by(user: AbstractBaseUser | AnonymousUser) -> Iterator[None]:
    """What is saved within was changed by this person."""
    token = _in_admin.set(True)
    try:
        with set_actor(user if user.is_authenticated else None):
            yield
    finally:
        _in_admin.reset(token)


def only_in_admin(**kwargs: Any) -> bool | None:
    """For auditlog, which writes nothing down where a receiver says False."""
    return None if _in_admin.get() else False


def forget_user(instance: Any, **kwargs: Any) -> None:
    """Of a deleted account no name stays in what staff did to it."""
    kind = ContentType.objects.get_for_model(instance)
    LogEntry.objects.filter(content_type=kind, object_id=instance.pk).update(
        object_repr="", changes=None, changes_text=""
    )
    AdminLogEntry.objects.filter(content_type=kind, object_id=str(instance.pk)).update(
        object_repr="", change_message=""
    )


def forget_comments(order_ids: Iterable[UUID]) -> None:
    """What staff wrote about these orders may name who ordered: that somebody wrote stays."""
    OrderComment.objects.filter(order_id__in=list(order_ids)).update(text="")
