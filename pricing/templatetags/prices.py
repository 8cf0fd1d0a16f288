"""Amounts of money in templates."""

from decimal import Decimal

from django import template
from django.conf import settings
from djmoney.money import Money

register = template.Library()


@register.filter
def money(amount: Decimal) -> Money:
    """Return an amount in the shop's currency, as people read it."""
    return Money(amount, settings.DEFAULT_CURRENCY)
