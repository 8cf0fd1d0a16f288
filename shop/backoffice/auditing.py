"""Writing down what staff change, and only that: with who did it, in the admin.

What customers and workers change is told by events. Who has which role is written down wherever
it is changed. auditlog's own middleware would look at every request of the shop.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from auditlog.context import set_actor
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import LogEntry as AdminLogEntry
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Func, Q, Value
from django.http import HttpRequest

from shop.backoffice.models import BulkRow, BulkRun, OrderComment, StaffAction

_in_admin: ContextVar[bool] = ContextVar("in_admin", default=False)


def audit_changes_on(page: ModelAdmin) -> None:
    """Have what can be changed on this page, and in the rows on it, written down.

    A page that says `audited = False` writes down by itself who changed what.
    """
    request = HttpRequest()
    request.user = User(is_superuser=True)
    for each in (page, *page.get_inline_instances(request)):
        changeable = each.has_change_permission(request) and getattr(each, "audited", True)
        if changeable and not auditlog.contains(each.model):
            auditlog.register(each.model)


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


def forget_entry(instance: Any, **kwargs: Any) -> None:
    """The same of a row that goes without staff: it is made unreadable for somebody's sake."""
    if not _in_admin.get():
        forget_user(instance)


def forget(order_ids: Sequence[UUID], email: str) -> None:
    """What staff wrote about these orders may name who ordered, and what they entered an address.

    That somebody wrote or did something, and what, stays.
    """
    OrderComment.objects.filter(order_id__in=order_ids).update(text="")
    StaffAction.objects.filter(order_id__in=order_ids).update(what=_without_reason("what"))
    rows = BulkRow.objects.filter(order_id__in=order_ids)
    done = BulkRun.objects.exclude(rows__state=BulkRow.State.WAITING)
    done.filter(rows__in=rows).update(fields={})
    rows.update(told=_without_reason("told"))
    if email:
        _forget_entered(email)


def _without_reason(field: str) -> Func:
    """What was done stands before the colon, why behind it."""
    return Func(F(field), Value(": "), Value(1), function="split_part")


def _forget_entered(email: str) -> None:
    whole = rf"(^|[^\w.+-]){re.escape(email)}($|[^\w.-])"
    named = Q(object_repr__regex=whole)
    entries = LogEntry.objects.filter(named | Q(changes__regex=whole) | Q(actor_email=email))
    entries.update(object_repr="", changes=None, changes_text="", actor_email=None)
    told = AdminLogEntry.objects.filter(named | Q(change_message__regex=whole))
    told.update(object_repr="", change_message="")
