"""Forgetting a shopper: what was decided stays, whom it was about goes."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from fraud.models import Blocked, Screening


def forget(order_ids: Iterable[UUID], email: str) -> None:
    """Blank the shopper of these orders. What staff have blocked stays blocked, but unreadable."""
    screenings = Screening.objects.filter(pk__in=order_ids)
    for blocked in Blocked.readable(email, *screenings.values_list("fingerprint", flat=True)):
        blocked.obscure()
    for order_id in sorted(order_ids):
        with Screening.objects.get_or_create_for_update(pk=order_id) as screening:
            screening.forget(timezone.now())
