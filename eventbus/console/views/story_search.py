"""Finding the story of an order or a customer, by whatever names it."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst

from eventbus.console.hooks import hooks
from eventbus.console.story import UnknownStory, subjects_of
from eventbus.console.views.access import may_see_personal, operators_only
from eventbus.console.views.page import render


class SearchForm(forms.Form):
    q = forms.CharField(max_length=254, label="Order number, or id of an order, event or customer")


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
        subjects_of(wanted)
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


def no_story(request: HttpRequest, error: UnknownStory) -> HttpResponse:
    """Return the search again, which says why there is no such story."""
    form = SearchForm()
    context = {"form": form, "problem": f"There is no such story: {error}."}
    return render(request, "console/story/search.html", context, status=404)
