"""One group of failures, from what failed to its cure: the page is a flow in six steps."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from eventbus.console.forms import NoteForm
from eventbus.console.held_up_stories import held_up_stories
from eventbus.console.map.location import Location
from eventbus.console.views.access import may_see_personal, operators_only
from eventbus.console.views.failed import DONE_HERE, HISTORY
from eventbus.console.views.page import render
from eventbus.console.views.watch import watched_group
from eventbus.delivery.fingerprint import headline
from eventbus.delivery.models import Delivery, OperatorAction
from eventbus.operations import failures
from eventbus.operations.code_place import code_place
from eventbus.operations.failure_impact import held_up, releases
from eventbus.operations.failure_watch import last_action
from eventbus.operations.failures import FailureGroup
from eventbus.operations.masking import shown_data, shown_error
from eventbus.operations.models import FailureNote
from eventbus.operations.operator_acts import Act, acts

#: Deliveries on one page.
PAGE = 50


@operators_only("GET")
def group_page(request: HttpRequest, fingerprint: str) -> HttpResponse:
    rows = failures.failed_or_parked(fingerprint=fingerprint)
    group = next(iter(failures.groups(rows)), None)
    if group is None:
        return _past_group(request, fingerprint)
    events = rows.select_related("event").order_by("id")
    page = Paginator(events, PAGE, orphans=5).get_page(request.GET.get("page"))
    context = {
        "group": group,
        "page": page,
        "fingerprint": fingerprint,
        "form": NoteForm(initial={"note": group.note, "owner": group.owner}),
        "note": FailureNote.objects.filter(pk=fingerprint).first(),
        "acts": _acts(group.app, group.reaction),
    }
    context |= _impact(group, rows) | _example(request, page)
    context |= watched_group(group, last_action())
    return render(request, "console/failed/group.html", context)


def _impact(group: FailureGroup, rows: QuerySet[Delivery]) -> dict[str, Any]:
    """Return what the group holds up, and since when."""
    many = held_up(rows).get(group.key, 0)
    stories = held_up_stories(rows)
    return {
        "noun": stories[0].noun if stories else "story",
        "held_up": many,
        "stories": stories,
        "more_stories": many - len(stories),
        "release": releases([group])[group.key],
    }


def _example(request: HttpRequest, page: Page[Delivery]) -> dict[str, Any]:
    """Return what one of the page's deliveries says, which stands for all."""
    row = next(iter(page), None)
    if row is None:
        return {}
    personal, event = may_see_personal(request), row.event
    error, place = shown_error(row, personal=personal), code_place(row.error)
    return {
        "row": row,
        "error": error,
        "headline": headline(error),
        "place": place,
        "source_url": Location(place.path, place.line).url if place else "",
        "payload": shown_data(event.type, event.version, event.data, personal=personal),
        "personal": personal,
    }


def _past_group(request: HttpRequest, fingerprint: str) -> HttpResponse:
    """Show what is known of a group in which nothing is any more."""
    note = FailureNote.objects.filter(pk=fingerprint).first()
    if note is None:
        return render(request, "console/failed/no_group.html", status=404)
    form = NoteForm(initial={"note": note.note, "owner": note.owner})
    context = {"note": note, "form": form, "acts": _acts(note.app, note.reaction)}
    context["fingerprint"] = fingerprint
    return render(request, "console/failed/past_group.html", context)


def _acts(app: str, reaction: str) -> list[Act]:
    done = OperatorAction.objects.filter(app=app, reaction=reaction, kind__in=DONE_HERE)
    return acts(done, HISTORY)
