"""How many mails one person gets that anybody could have asked for in their name."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, models
from django.utils.crypto import salted_hmac

from eventbus import mailbox

#: Kind, whose, and the seconds that are counted together.
_Counted = tuple[str, str, int]

HOUR, DAY, WEEK = 3600, 24 * 3600, 7 * 24 * 3600


@dataclass(frozen=True)
class Limit:
    """So many mails of a kind to one person in so many seconds.

    Kinds that count `together` with others have a name for all of them.
    """

    mails: int
    seconds: int
    together: str = ""


#: Anybody orders in anybody's name, as long as nothing is paid.
UNPAID = Limit(30, DAY, together="unpaid")
#: By kind of mail. Whoever types an address, or has a card refused, has one of these sent.
LIMITS = {
    "welcome": Limit(1, DAY),
    "confirm_address": Limit(5, HOUR),
    "reset_password": Limit(5, HOUR),
    "no_account": Limit(1, DAY),
    "account_exists": Limit(1, DAY),
    "cart_abandoned": Limit(1, WEEK),
    "back_in_stock": Limit(10, DAY),
    "webhook_disabled": Limit(20, DAY),
    "order_placed": UNPAID,
    "payment_challenged": UNPAID,
    "payment_failed": UNPAID,
    "order_cancelled": UNPAID,
    "order_flagged": Limit(200, HOUR),
}
#: Mails that have none. About an order that is paid: the law or the bargain needs them, and an
#: order has one of each at most, or one a parcel or return. To staff: the shop's own state.
NEEDED = frozenset(
    {
        "order_confirmed",
        "order_shipped",
        "order_delivered",
        "order_reduced",
        "cancellation_refused",
        "payment_refunded",
        "return_requested",
        "return_approved",
        "return_refused",
        "return_received",
        "dispute_opened",
        "dispute_lost",
        "refund_failed",
        "stock_low",
        "alert",
        "alert_over",
    }
)

#: Locked in one order: two that count the same wait for each other, and never both.
_TAKE = """
    insert into notifications_allowance as used (kind, who, count, ends_at)
    select kind, who, mails, now() + make_interval(secs => seconds)
    from unnest(%s::text[], %s::text[], %s::int[], %s::int[]) as new (kind, who, seconds, mails)
    order by kind, who
    on conflict (kind, who) do update set
        count = excluded.count + case when used.ends_at <= now() then 0 else used.count end,
        ends_at = case when used.ends_at <= now() then excluded.ends_at else used.ends_at end
    returning kind, who, count
"""
#: What is over goes as others come, and nobody waits for it.
_FORGET = """
    delete from notifications_allowance where id in (
        select id from notifications_allowance where ends_at < now()
        limit 100 for update skip locked
    )
"""


class Allowance(models.Model):
    """How many mails of a kind somebody got since a stretch of time began.

    It is counted in the transaction that writes the mail down: neither is there without the other.
    """

    kind = models.CharField(max_length=50)
    who = models.CharField(max_length=64, help_text="fingerprint of an address")
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "who"], name="notifications_allowance_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.count} until {self.ends_at}"

    @classmethod
    def take(cls, mails: Sequence[tuple[str, str]]) -> list[bool]:
        """Count mails of these kinds to these persons; whether they may still get each."""
        limits = [LIMITS.get(kind) for kind, _ in mails]
        taken = [
            (limit.together or kind, _inbox(email), limit.seconds) if limit else None
            for (kind, email), limit in zip(mails, limits, strict=True)
        ]
        counts = cls._count(Counter(each for each in taken if each))
        allowed = []
        for limit, each in zip(limits, taken, strict=True):
            if each:
                counts[each] += 1
            allowed.append(not (limit and each) or counts[each] <= limit.mails)
        return allowed

    @classmethod
    def _count(cls, mails: Counter[_Counted]) -> dict[_Counted, int]:
        """Count so many mails more; returns how many there were before."""
        if not mails:
            return {}
        columns = zip(*mails, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [*map(list, columns), list(mails.values())])
            counts = {(kind, who): count for kind, who, count in cursor.fetchall()}
            before = {each: counts[each[:2]] - more for each, more in mails.items()}
            if 0 in before.values():
                cursor.execute(_FORGET)
        return before

    @classmethod
    def forget(cls, email: str) -> None:
        """Forget them; they may come back as somebody new."""
        cls.objects.filter(who=_inbox(email)).delete()


def _inbox(email: str) -> str:
    """Recognise whose mails these are, whatever stands after a plus, and do not tell it."""
    name, _at, domain = mailbox(email).rpartition("@")
    inbox = f"{name.partition('+')[0]}@{domain}"
    return salted_hmac("notifications.allowance", inbox, algorithm="sha256").hexdigest()
