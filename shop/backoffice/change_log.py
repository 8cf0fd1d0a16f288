"""Log what staff change in the admin, with who did it (django-auditlog).

What customers and workers change is in the events. auditlog's own middleware would run for
every request of the shop.
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


def log_changes_on(page: ModelAdmin) -> None:
    """Register the models that can be changed on this page, inlines included, for the log.

    A page with `log_changes = False` records by itself who changed what.
    """
    request = HttpRequest()
    request.user = User(is_superuser=True)
    for each in (page, *page.get_inline_instances(request)):
        changeable = each.has_change_permission(request) and getattr(each, "log_changes", True)
        if changeable and not auditlog.contains(each.model):
            auditlog.register(each.model)


@contextmanager
def changed_by(user: AbstractBaseUser | AnonymousUser) -> Iterator[None]:
    """Log what is saved within as changed by this user."""
    token = _in_admin.set(True)
    try:
        with set_actor(user if user.is_authenticated else None):
            yield
    finally:
        _in_admin.reset(token)


def log_only_in_admin(**kwargs: Any) -> bool | None:
    """Return False outside the admin, so that nothing is logged: for auditlog's `pre_log`."""
    return None if _in_admin.get() else False


def redact_account(instance: Any, **kwargs: Any) -> None:
    """Blank what the logs say about a row that is deleted, such as an account."""
    kind = ContentType.objects.get_for_model(instance)
    LogEntry.objects.filter(content_type=kind, object_id=instance.pk).update(
        object_repr="", changes=None, changes_text=""
    )
    AdminLogEntry.objects.filter(content_type=kind, object_id=str(instance.pk)).update(
        object_repr="", change_message=""
    )


def redact_deleted(instance: Any, **kwargs: Any) -> None:
    """Do so for a row that is deleted outside the admin: it goes with somebody's personal data."""
    if not _in_admin.get():
        redact_account(instance)


def redact(order_ids: Sequence[UUID], email: str) -> None:
    """Blank what staff wrote about these orders, and log entries that hold this address.

    Both may name the customer. That somebody did something, and what, is kept.
    """
    OrderComment.objects.filter(order_id__in=order_ids).update(text="")
    StaffAction.objects.filter(order_id__in=order_ids).update(what=_without_reason("what"))
    rows = BulkRow.objects.filter(order_id__in=order_ids)
    done = BulkRun.objects.exclude(rows__state=BulkRow.State.WAITING)
    done.filter(rows__in=rows).update(fields={})
    rows.update(message=_without_reason("message"))
    if email:
        _redact_entries(email)


def _without_reason(field: str) -> Func:
    """Keep what was done, before the colon; drop the reason behind it."""
    return Func(F(field), Value(": "), Value(1), function="split_part")


def _redact_entries(email: str) -> None:
    whole = rf"(^|[^\w.+-]){re.escape(email)}($|[^\w.-])"
    named = Q(object_repr__regex=whole)
    entries = LogEntry.objects.filter(named | Q(changes__regex=whole) | Q(actor_email=email))
    entries.update(object_repr="", changes=None, changes_text="", actor_email=None)
    admin_entries = AdminLogEntry.objects.filter(named | Q(change_message__regex=whole))
    admin_entries.update(object_repr="", change_message="")
