"""Webhooks in words."""

from django import template

from shop.webhooks import texts

register = template.Library()


@register.filter
def meaning(event_type: str) -> str:
    """Return what an event's type means, for customers."""
    return texts.meaning_of(event_type)
