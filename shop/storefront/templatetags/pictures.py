"""Showing pictures."""

from typing import Any

from django import template

from catalogue.pictures import Picture

register = template.Library()


@register.inclusion_tag("storefront/picture.html")
def picture(shown: Any, sizes: str, alt: str = "", first: bool = False) -> dict[str, Any]:
    """Show a picture that takes up so much of the page (`sizes`, as in HTML).

    `first` is for the one that a page is waited for: browsers get it before the others.
    """
    return {"picture": Picture(shown.src), "sizes": sizes, "alt": alt, "first": first}
