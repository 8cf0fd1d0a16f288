"""The same request twice is one: a key that its caller made up says that it is the same."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Annotated, Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Header
from pydantic import StringConstraints

from eventbus import delete_some, lasting_digest
from shop.api.models import IdempotencyKey
from shop.api.problems import Refusal
from shop.api.schemas import Json

KEPT_FOR = timedelta(hours=24)
#: Old keys that one request clears away at most, beside its own.
CLEARED_AT_ONCE = 100

Key = Annotated[
    str,
    StringConstraints(min_length=1, max_length=255, pattern=r"^[!-~]+$"),
    Header(
        alias="Idempotency-Key",
        description="made up by you, a new UUID for each thing wanted; the same key and body give "
        "the same answer for 24 hours, another body is refused (409)",
        examples=["7c0ee7a2-9d4b-4f0e-8f4c-0d1d1b0a9a4e"],
    ),
]


@transaction.atomic
def idempotent(request: HttpRequest, key: str, owner: str, operation: Callable[[], Json]) -> Json:
    """Return the answer of `operation`, carried out once for this key of this owner.

    One transaction holds the key, what was done and the answer: a second request
    with the key waits for the first. What is refused leaves no trace, so the key
    can be used again. Raises `Refusal` (409) when the key was used for something else.
    """
    _clear_away(owner, key)
    asked = _digest(request)
    kept, _made = IdempotencyKey.objects.get_or_create(
        owner=owner, key=key, defaults={"request": asked}
    )
    if kept.request != asked:
        raise Refusal(409, _("This key was used for another request. Make up a new one."))
    if kept.answer is None:
        kept.answer = operation()
        kept.save(update_fields=["answer"])
    return kept.answer


def forget(owners: Iterable[object]) -> None:
    """Delete the answers to these customers and orders, or to guests of these carts."""
    known = [name for owner in owners for name in (str(owner), guest(owner))]
    IdempotencyKey.objects.filter(owner__in=known).delete()


def guest(cart_id: object) -> str:
    """Name who owns the keys of a guest: their cart, whose id nobody else has."""
    return f"cart:{cart_id}"


def delete_expired(**_: Any) -> None:
    """Delete the keys of callers who do not come again; receiver of `relay_tick`."""
    delete_some(_over())


def _digest(request: HttpRequest) -> str:
    asked = f"{request.method} {request.path}\n".encode() + request.body
    return lasting_digest("shop.api.idempotency", asked)


def _clear_away(owner: str, key: str) -> None:
    """Delete more at a time than requests bring, so that none are left over in the end."""
    over = _over()
    over.filter(owner=owner, key=key).delete()
    free = over.select_for_update(skip_locked=True).values_list("pk", flat=True)
    IdempotencyKey.objects.filter(pk__in=list(free[:CLEARED_AT_ONCE])).delete()


def _over() -> QuerySet[IdempotencyKey]:
    return IdempotencyKey.objects.filter(made_at__lt=timezone.now() - KEPT_FOR)
