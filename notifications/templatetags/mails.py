"""What the mails' templates need: amounts of money, and links into the shop."""

from decimal import Decimal

from django import template
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from moneyed import Money
from moneyed.l10n import format_money

register = template.Library()


@register.simple_tag
def money(amount: Decimal | str, currency: str, quantity: int = 1) -> str:
    """An amount as people write it, such as €1,234.50; `quantity` times, if given."""
    return format_money(Money(Decimal(amount) * quantity, currency), locale="en")


@register.simple_tag
def shop_link(page: str, *args: object) -> str:
    """The full address of a page of the shop; of its front where it has no such page."""
    try:
        return settings.SHOP_URL + reverse(page, args=args)
    except NoReverseMatch:
        return settings.SHOP_URL
