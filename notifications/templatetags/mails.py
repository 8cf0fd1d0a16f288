"""What the mails' templates need: amounts and times as their reader writes them, and links."""

from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from django import template
from django.conf import settings
from django.template.defaultfilters import date
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _
from moneyed import Money
from moneyed.l10n import format_money

from orders.events import Address

register = template.Library()


@register.simple_tag
def money(amount: Decimal | str, currency: str, quantity: int = 1) -> str:
    """Return an amount as people write it, such as €1,234.50; `quantity` times, if given."""
    return _formatted(Decimal(amount) * quantity, currency, _locale())


@lru_cache(maxsize=4096)
def _formatted(amount: Decimal, currency: str, locale: str) -> str:
    """Format an amount; once for a mail's HTML and text, and for all that costs the same."""
    return format_money(Money(amount, currency), locale=locale, currency_digits=False)


@register.simple_tag
def when(time: datetime) -> str:
    """Return day and time, with the time zone."""
    there = localtime(time)
    parts = {"moment": date(there, "DATETIME_FORMAT"), "zone": there.tzname()}
    return _("%(moment)s %(zone)s") % parts


@register.simple_tag
def day(time: datetime) -> str:
    """Return the day of a time."""
    return date(localtime(time), "DATE_FORMAT")


@register.simple_tag
def address_lines(address: Address) -> list[str]:
    """Return an address, line by line, its country in the reader's language."""
    country = Locale.parse(_locale()).territories.get(address.country, address.country)
    return [*address.lines, country]


@register.simple_tag
def shop_link(page: str, *args: object) -> str:
    """Return the full address of a page in the reader's language; without it, of the front."""
    try:
        return settings.SHOP_URL + reverse(page, args=args)
    except NoReverseMatch:
        return settings.SHOP_URL


def _locale() -> str:
    return to_locale(get_language() or settings.LANGUAGE_CODE)
