"""The page of a story, told in words and as a picture, for as long as it goes on."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django_htmx.http import HTMX_STOP_POLLING

from eventbus.console.hooks import hooks
from eventbus.console.story import UnknownStory, story_of, subjects_of
from eventbus.console.story_nodes import Reaction, Story, all_nodes
from eventbus.console.story_svg import Picture, Window, render_story
from eventbus.console.story_version import version
from eventbus.console.usual_story import compare
from eventbus.console.views.access import may_see_personal, operators_only
from eventbus.console.views.page import render
from eventbus.console.views.story_search import no_story
from eventbus.console.why_not_done import standing
from eventbus.log_privacy import mask_addresses
from eventbus.operations.masking import masked_headlines

#: Milliseconds that no story goes on: some thirty years.
LONGEST = 10**12


class LookForm(forms.Form):
    """The part of a story to look closer at, in milliseconds since it began, and how."""

    begin = forms.IntegerField(min_value=0, max_value=LONGEST, required=False)
    end = forms.IntegerField(min_value=0, max_value=LONGEST, required=False)
    axis = forms.ChoiceField(choices=[("linear", "linear")], required=False)

    def clean(self) -> None:
        begin, end = self.cleaned_data.get("begin"), self.cleaned_data.get("end")
        is_part = any(self.data.get(name) for name in ("begin", "end"))
        if is_part and not self.errors and (begin is None or end is None or end <= begin):
            self.add_error("end", "Give both, the end after the beginning.")

    @property
    def problem(self) -> str:
        """Say which fields were not understood, and why."""
        return " ".join(
            f"{name}: {' '.join(map(str, errors))}" for name, errors in self.errors.items()
        )


@dataclass(frozen=True)
class Look:
    """What is shown of a story, as its address says: a part, and on which axis."""

    window: Window | None = None
    is_linear: bool = False

    @property
    def query(self) -> str:
        """Return the query of its address, a question mark at least."""
        part = {"begin": self.window.begin, "end": self.window.end} if self.window else {}
        return "?" + urlencode({**part, **({"axis": "linear"} if self.is_linear else {})})

    @property
    def whole(self) -> "Look":
        return replace(self, window=None)

    @property
    def other_axis(self) -> "Look":
        return replace(self, is_linear=not self.is_linear)

    def parts(self, picture: Picture) -> list["Look"]:
        """Return closer looks."""
        return [replace(self, window=part) for part in picture.parts]


@operators_only("GET")
def story_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the page; to a page that is open, its part that changes, if it has changed."""
    try:
        subjects = subjects_of(reference)
    except UnknownStory as error:
        return no_story(request, error)
    now = version(subjects)
    is_part = "seen" in request.GET and "HX-Request" in request.headers
    if is_part and request.GET["seen"] == now:
        return HttpResponse(status=204)
    context = _context(request, reference, subjects) | {"version": now}
    if not is_part:
        return render(request, "console/story/story.html", context)
    status = HTMX_STOP_POLLING if context["standing"].is_done else 200
    return HttpResponse(render_to_string("console/story/live.html", context), status=status)


@operators_only("GET")
def download(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the picture as a file that stands alone."""
    try:
        found = _find_story(request, subjects_of(reference))
    except UnknownStory as error:
        return no_story(request, error)
    compare(found)
    look, _ = _look(request)
    picture = render_story(found, look.window, is_linear=look.is_linear)
    context = {"story": found, "picture": picture, "alone": True}
    drawn = render_to_string("console/story.svg", context)
    answer = HttpResponse(drawn, content_type="image/svg+xml")
    name = found.number or found.subject
    answer.headers["Content-Disposition"] = f'attachment; filename="story-{name}.svg"'
    return answer


def _context(request: HttpRequest, reference: str, subjects: list[str]) -> dict[str, Any]:
    found = _find_story(request, subjects)
    look, problem = _look(request)
    comparison = compare(found)
    picture = render_story(found, look.window, is_linear=look.is_linear)
    address = reverse("console:story", args=[reference]) + look.query.rstrip("?")
    return {
        "story": found,
        "standing": standing(found),
        "comparison": comparison,
        "reference": reference,
        "picture": picture,
        "look": look,
        "parts": look.parts(picture),
        "problem": problem,
        "share": request.build_absolute_uri(address),
        "noun": hooks.lookup.noun,
        "page": hooks.lookup.page_of(found.subject, request.user),
    }


def _look(request: HttpRequest) -> tuple[Look, str]:
    """Return what the address asks to see, and what of it was not understood."""
    form = LookForm(request.GET)
    if not form.is_valid():
        return Look(), form.problem
    asked = form.cleaned_data
    window = Window(asked["begin"], asked["end"]) if asked["end"] else None
    return Look(window, bool(asked["axis"])), ""


def _find_story(request: HttpRequest, subjects: list[str]) -> Story:
    """Return the story, its errors masked for who may not see personal data."""
    found = story_of(subjects)
    if not may_see_personal(request):
        failing = [n for n in all_nodes(found.events) if isinstance(n, Reaction) and n.error]
        masked = masked_headlines(node.delivery for node in failing)
        for node in failing:
            node.error = masked.get(node.delivery) or mask_addresses(node.error)
    return found
