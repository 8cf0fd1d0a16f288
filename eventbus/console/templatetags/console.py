"""Times, links and marks of the console's pages."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from math import floor

from django import template
from django.db.models import Model
from django.template import RequestContext

from eventbus import clock
from eventbus.console.admin_links import admin_list, admin_page
from eventbus.console.hooks import Page, hooks
from eventbus.console.places import Place
from eventbus.console.render_tree import MARKS, format_duration
from eventbus.console.words import counted as counted_in_words
from eventbus.delivery.models import Delivery
from eventbus.operations.units import spell_duration, spell_rate

register = template.Library()
MILLISECOND = timedelta(milliseconds=1)


@register.simple_tag
def further_pages() -> list[Page]:
    """Return the pages that the project adds to the navigation."""
    return hooks.pages


@register.filter
def ago(moment: datetime | None) -> str:
    """Format how long ago, as `3.2 min ago`; of what is to come, `in 1.0 s`."""
    if moment is None:
        return "–"
    passed = round((clock.now() - moment) / MILLISECOND)
    return f"{format_duration(passed)} ago" if passed >= 0 else f"in {format_duration(-passed)}"


@register.filter
def waited(since: datetime, now: datetime) -> str:
    """Format how long something has waited, at the moment that a page is about."""
    return format_duration(max(round((now - since) / MILLISECOND), 0))


@register.filter
def moment(text: str) -> datetime:
    """Return a moment that SQL gave as JSON."""
    return datetime.fromisoformat(text)


@register.filter
def at(found: Mapping[str, object], name: str) -> object:
    """Return a value by a name that is no identifier."""
    return found[name]


@register.filter
def span(ms: float | str | None) -> str:
    """Format milliseconds; empty where nothing was measured."""
    return "–" if ms in (None, "") else format_duration(round(float(ms)))


@register.filter
def took(ms: float | str | None) -> str:
    """Spell how long something took; a dash where nothing was measured."""
    return "–" if ms in (None, "") else spell_duration(float(ms))


@register.filter
def rate(per_minute: float) -> str:
    """Spell how often something happens, as `1,570/min`."""
    return spell_rate(per_minute)


@register.filter
def percent(share: float | None) -> str:
    """Spell a share, with what counts of it: `99.9 %`."""
    return "–" if share is None else f"{floor(10_000 * share) / 100:g} %"


@register.filter
def mark(state: str) -> str:
    """Return the sign of a delivery's state."""
    return MARKS[Delivery.State(state)][0]


@register.filter
def name(row: object) -> str:
    """Return `billing.capture` of whatever has an app and a reaction."""
    return f"{getattr(row, 'app', '')}.{getattr(row, 'reaction', '') or '?'}"


@register.filter
def without_heading(markup: str) -> str:
    """Return a theme's header whose title is no heading: the page below has its own."""
    return re.sub(r"(</?)h1\b", r"\1p", markup)


@register.filter
def is_around(place: Place, name: str | None) -> bool:
    """Return whether a page is this place, or within it."""
    return place.is_around(name)


@register.filter
def counted(many: int, noun: str) -> str:
    """Return `1 order` or `3 orders`."""
    return counted_in_words(many, noun)


@register.simple_tag(takes_context=True)
def in_admin(context: RequestContext, what: Model | str) -> str:
    """Return the address of a row, or of a list by its label, in the admin; or nothing."""
    user = context["request"].user
    return admin_list(user, what) if isinstance(what, str) else admin_page(user, what)
