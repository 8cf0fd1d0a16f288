"""What every page of the shop shows around its content."""

from datetime import datetime
from typing import Any

from django import template
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest
from django.template.defaultfilters import date
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from catalogue.markup import clean
from catalogue.models import Category
from shop.storefront import brand, cart_session
from shop.storefront.models import CartItem

register = template.Library()


@register.filter
def cleaned(markup: str) -> SafeString:
    """Clean text with markup that somebody wrote, even if it was stored past us."""
    return mark_safe(clean(markup))  # nosec B703, B308


@register.filter
def when(moment: datetime | None) -> str:
    """Return day and time, with the time zone; nothing for none."""
    if moment is None:
        return ""
    there = localtime(moment)
    parts = {"moment": date(there, "DATETIME_FORMAT"), "zone": there.tzname()}
    return _("%(moment)s %(zone)s") % parts


@register.simple_tag
def shop_name() -> str:
    return brand.NAME


@register.simple_tag(takes_context=True)
def may_read_mails(context: dict[str, Any]) -> bool:
    """Say whether the pages of sent mails are open to this reader."""
    return settings.MAILS_PAGE_PUBLIC or context["request"].user.is_staff


@register.inclusion_tag("storefront/header.html", takes_context=True)
def shop_header(context: dict[str, Any]) -> dict[str, Any]:
    """Show the head of the page: categories, cart, account. Two queries at most."""
    request = context["request"]
    return {
        "request": request,
        "user": request.user,
        "categories": Category.objects.filter(parent=None),
        "units": _units_in_cart(request),
    }


def _units_in_cart(request: HttpRequest) -> int:
    held = request.session.get(cart_session.KEY)
    if not held:
        return 0
    items = CartItem.objects.filter(cart=held, cart__ordered_at=None)
    return items.aggregate(units=Sum("quantity", default=0))["units"]
