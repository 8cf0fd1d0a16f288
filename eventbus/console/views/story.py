"""The story of an order, a customer or any correlation id."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.text import capfirst

from eventbus.console.hooks import hooks
from eventbus.console.render_tree import all_nodes
from eventbus.console.story import Reaction, Story, UnknownStory, story
from eventbus.console.story_svg import Window, render_story
from eventbus.console.views.access import may_see_personal, operators_only
from eventbus.console.views.page import render
from eventbus.log_privacy import mask_addresses
from eventbus.operations.masking import masked_headlines

#: Milliseconds that no story goes on: some thirty years.
LONGEST = 10**12


class SearchForm(forms.Form):
    q = forms.CharField(max_length=254, label="Order number, or id of an order, event or customer")


class WindowForm(forms.Form):
    """The part of a story to look closer at, in milliseconds since it began."""

    begin = forms.IntegerField(min_value=0, max_value=LONGEST)
    end = forms.IntegerField(min_value=0, max_value=LONGEST)

    def window(self) -> Window | None:
        if not self.is_valid() or self.cleaned_data["end"] <= self.cleaned_data["begin"]:
            return None
        return Window(**self.cleaned_data)


@operators_only("GET", "POST")
def search(request: HttpRequest) -> HttpResponse:
    """Search a story. By POST: a mail address must not be in logs of addresses."""
    form = SearchForm(request.POST or None)
    if not form.is_valid():
        return render(request, "console/story/search.html", {"form": form})
    wanted = form.cleaned_data["q"]
    if "@" in wanted:
        return _by_address(request, form, wanted)
    try:
        story(wanted)
    except UnknownStory as error:
        if hooks.lookup.of_person(wanted):
            return redirect("console:customer", wanted)
        form.add_error("q", f"{capfirst(str(error))}, and no customer who has ordered.")
        return render(request, "console/story/search.html", {"form": form}, status=422)
    return redirect("console:story", wanted)


def _by_address(request: HttpRequest, form: SearchForm, address: str) -> HttpResponse:
    if not may_see_personal(request):
        form.add_error("q", "Only who may see what events tell of people can look for addresses.")
    elif orders := hooks.lookup.of_address(address):
        context = {"orders": orders, "whose": address, "noun": hooks.lookup.noun}
        return render(request, "console/story/customer.html", context)
    else:
        form.add_error("q", "Nobody has ordered with this address.")
    return render(request, "console/story/search.html", {"form": form}, status=422)


@operators_only("GET")
def customer_page(request: HttpRequest, customer_id: str) -> HttpResponse:
    orders = hooks.lookup.of_person(customer_id)
    context = {"orders": orders, "whose": f"customer {customer_id}", "noun": hooks.lookup.noun}
    status = 200 if orders else 404
    return render(request, "console/story/customer.html", context, status=status)


@operators_only("GET")
def story_page(request: HttpRequest, reference: str) -> HttpResponse:
    try:
        found = _find_story(request, reference)
    except UnknownStory as error:
        return _nothing(request, error)
    form = WindowForm(request.GET) if "begin" in request.GET else None
    window = form.window() if form else None
    picture = render_story(found, window)
    return render(
        request,
        "console/story/story.html",
        {
            "story": found,
            "reference": reference,
            "picture": picture,
            "window": window,
            "parts": picture.window.parts(),
            "misread": form is not None and window is None,
            "noun": hooks.lookup.noun,
            "page": hooks.lookup.page_of(found.subject, request.user),
        },
    )


@operators_only("GET")
def download(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the picture as a file that stands alone."""
    try:
        found = _find_story(request, reference)
    except UnknownStory as error:
        return _nothing(request, error)
    picture = render_story(found, WindowForm(request.GET).window())
    context = {"story": found, "picture": picture, "alone": True}
    drawn = render_to_string("console/story.svg", context)
    answer = HttpResponse(drawn, content_type="image/svg+xml")
    name = found.number or found.subject
    answer.headers["Content-Disposition"] = f'attachment; filename="story-{name}.svg"'
    return answer


def _find_story(request: HttpRequest, reference: str) -> Story:
    """Return the story, its errors masked for who may not see personal data."""
    found = story(reference)
    if not may_see_personal(request):
        failing = [n for n in all_nodes(found.events) if isinstance(n, Reaction) and n.error]
        masked = masked_headlines(node.delivery for node in failing)
        for node in failing:
            node.error = masked.get(node.delivery) or mask_addresses(node.error)
    return found


def _nothing(request: HttpRequest, error: UnknownStory) -> HttpResponse:
    form = SearchForm()
    context = {"form": form, "problem": f"There is no such story: {error}."}
    return render(request, "console/story/search.html", context, status=404)
