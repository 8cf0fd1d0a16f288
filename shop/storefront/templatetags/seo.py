"""What a page says to machines, and the page in other languages."""

import json
from typing import Any

from django import template
from django.conf import settings
from django.urls import translate_url
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from shop.storefront import brand

register = template.Library()

#: As in Django's `json_script`: nothing in the data can end the element.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.filter
def json_ld(data: dict[str, Any]) -> SafeString:
    """Write structured data as an element of the page."""
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # nosec B703, B308 # escaped above


@register.simple_tag
def shop_claim() -> str:
    return str(brand.CLAIM)


@register.simple_tag(takes_context=True)
def other_languages(context: dict[str, Any]) -> list[tuple[str, str, str]]:
    """List code, name and address of this page in each other language, if it has any."""
    here = context["request"].get_full_path()
    each = [(code, name, translate_url(here, code)) for code, name in settings.LANGUAGES]
    return [(code, name, to) for code, name, to in each if code != get_language() and to != here]
