"""Whom the shop has forgotten, so that nothing that comes late is written down or mailed."""

from django.db import connection, models
from django.db.models import Q

from eventbus import Event, lasting_digest, mailbox
from shop.events import CustomerErased


class ErasedCustomer(models.Model):
    """A customer, cart, order, or the fingerprint of an address that has been forgotten.

    About the first three nothing is ever mailed again. An address may come back
    with a new person: what is stated later about it counts.
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
        _lock("pg_advisory_xact_lock_shared")
        known = Q(key=event.subject)
        if email := getattr(event, "email", None):
            known |= Q(key=_address(email), since__gte=event.occurred_at)
        return ErasedCustomer.objects.filter(known).exists()


def _lock(kind: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"select {kind}(hashtext('notifications_erasedcustomer'))")


def _address(email: str) -> str:
    """Recognises an address and does not tell it."""
    return lasting_digest("notifications.forgotten", mailbox(email))
