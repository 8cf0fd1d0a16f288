"""Whether a promotion applies; redeeming it with an order, and releasing it when that is off."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from unicodedata import normalize
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from djmoney.money import Money

from eventbus import mailbox
from pricing.errors import (
    LimitReached,
    MinimumNotReached,
    PromotionExpired,
    PromotionNotYet,
    PromotionUnknown,
)
from pricing.models import Promotion, Redemption, names_a_day


@dataclass(frozen=True)
class Shopper:
    """Who orders, as far as is known; `points` is what they have to spend."""

    customer_id: str = ""
    email: str = ""
    points: int = 0


GUEST = Shopper()


def applicable(code: str, goods: Decimal, shopper: Shopper = GUEST) -> Promotion:
    """Return the promotion of this code, for goods that cost so much.

    Raises `PromotionRefused`, as one of its kinds.
    """
    promotion = _called(normalize("NFKC", code).strip())
    _check_time(promotion)
    _check_minimum(promotion, goods)
    _check_limits(promotion, shopper)
    return promotion


def redeem(code: str, order_id: UUID, shopper: Shopper) -> None:
    """Note that the order uses the promotion, in the transaction that places it.

    Orders that use one promotion pass here one after the other, so that no limit
    is exceeded. Raises `LimitReached`; the order must not be placed then.
    """
    promotion = Promotion.objects.select_for_update().get(code__iexact=code)
    _check_limits(promotion, shopper)
    Redemption.objects.create(
        promotion=promotion,
        order_id=order_id,
        customer_id=shopper.customer_id,
        email=mailbox(shopper.email),
    )


def release(order_id: UUID, at: datetime) -> None:
    """Let the promotion of an order that is off be used again. Without one, nothing happens."""
    Redemption.objects.filter(order_id=order_id, released_at=None).update(released_at=at)


def forget(customer_id: str, email: str) -> None:
    """Take out who redeemed what; the redemptions stay."""
    theirs = Redemption.objects.filter(_by(Shopper(customer_id, email)))
    theirs.update(customer_id="", email="")


def _called(code: str) -> Promotion:
    known = Promotion.objects.filter(code__iexact=code, active=True) if code.isprintable() else []
    for promotion in known:
        return promotion
    raise PromotionUnknown(_("We do not know this code."))


def _check_time(promotion: Promotion) -> None:
    now = timezone.now()
    if now < promotion.starts_at:
        text = _("This code is valid from %(day)s on.")
        raise PromotionNotYet(text % {"day": _format_moment(promotion.starts_at)})
    if promotion.ends_at and promotion.is_over(now):
        text = _("This code was valid until %(day)s.")
        raise PromotionExpired(text % {"day": _format_moment(promotion.ends_at)})


def _check_minimum(promotion: Promotion, goods: Decimal) -> None:
    missing = promotion.minimum_goods - goods
    if missing > 0:
        text = _("This code is for goods of %(minimum)s or more: %(missing)s are missing.")
        amounts = {"minimum": _money(promotion.minimum_goods), "missing": _money(missing)}
        raise MinimumNotReached(text % amounts)


def _check_limits(promotion: Promotion, shopper: Shopper) -> None:
    """Refuse a code that is used up.

    Anybody types an address: what was used with it is refused in the same words, and only an
    account hears of its own.
    """
    used = promotion.redemptions.filter(released_at=None)
    per_customer = promotion.limit_per_customer
    if _reached(per_customer, used.filter(_by(Shopper(shopper.customer_id)))):
        raise LimitReached(_("You have used this code already."))
    if _reached(promotion.limit, used) or _reached(per_customer, used.filter(_by(shopper))):
        raise LimitReached(_("This code has been used as often as it can be."))


def _reached(limit: int | None, used: QuerySet[Redemption]) -> bool:
    return limit is not None and used.count() >= limit


def _by(shopper: Shopper) -> Q:
    """Match redemptions of this shopper: by their account or by their e-mail address."""
    by = Q(pk__in=[])
    if shopper.customer_id:
        by |= Q(customer_id=shopper.customer_id)
    if shopper.email:
        by |= Q(email=mailbox(shopper.email))
    return by


def _format_moment(moment: datetime) -> str:
    """Write the day where that is meant; else the time too, or the day would be told wrong."""
    there = timezone.localtime(moment)
    if names_a_day(moment):
        return date_format(there, "DATE_FORMAT")
    parts = {"moment": date_format(there, "DATETIME_FORMAT"), "zone": there.tzname()}
    return _("%(moment)s %(zone)s") % parts


def _money(amount: Decimal) -> Money:
    return Money(amount, settings.DEFAULT_CURRENCY)
