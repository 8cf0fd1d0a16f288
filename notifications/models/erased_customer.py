"""Whom the shop has forgotten, so that nothing that comes late is written down or mailed."""

from collections.abc import Sequence
from typing import TypeVar

from django.db import connection, models

from eventbus import Event, lasting_digest, mailbox
from shop.events import CustomerErased

AnyEvent = TypeVar("AnyEvent", bound=Event)


class ErasedCustomer(models.Model):
    """A customer, cart, order, or the fingerprint of an address that has been forgotten.

    About the first three nothing is ever mailed again. An address may come back
    with a new person: what is emitted later about it counts.
    """

    key = models.CharField(primary_key=True, max_length=100)
    since = models.DateTimeField()

    class Meta:
        verbose_name_plural = "forgotten"

    def __str__(self) -> str:
        return self.key

    @classmethod
    def remember(cls, event: CustomerErased) -> None:
        """Keep what is needed to recognise what comes late.

        Waits for those who have just asked and found nothing: what they write
        down is there when this returns.
        """
        _lock("pg_advisory_xact_lock")
        keys = [event.customer_id, *map(str, event.order_ids), *map(str, event.cart_ids)]
        if event.email:
            keys.append(_address(event.email))
        ErasedCustomer.objects.bulk_create(
            [ErasedCustomer(key=key, since=event.occurred_at) for key in keys],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["since"],
        )

    @classmethod
    def covers(cls, event: Event) -> bool:
        """Return whether the event is about somebody who has been forgotten.

        If not, nobody is until the transaction ends.
        """
        return not cls.others([event])

    @classmethod
    def others(cls, events: Sequence[AnyEvent]) -> list[AnyEvent]:
        """Return the events that are about nobody who has been forgotten.

        Nobody of these is until the transaction ends.
        """
        _lock("pg_advisory_xact_lock_shared")
        addresses = [_address(getattr(event, "email", None) or "") for event in events]
        keys = {*addresses, *(event.subject for event in events)}
        since = dict(cls.objects.filter(pk__in=keys).values_list("key", "since"))
        return [
            event
            for event, address in zip(events, addresses, strict=True)
            if event.subject not in since
            and not (address in since and since[address] >= event.occurred_at)
        ]


def _lock(kind: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"select {kind}(hashtext('notifications_erasedcustomer'))")


def _address(email: str) -> str:
    """Recognise an address and do not tell it; of none there is nothing to recognise."""
    return email and lasting_digest("notifications.forgotten", mailbox(email))
