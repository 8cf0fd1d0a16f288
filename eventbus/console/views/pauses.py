"""Pausing apps and reactions, and having them go on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from eventbus.console.forms import PauseForm, ResumeForm
from eventbus.console.views.access import operator, operators_only
from eventbus.console.views.page import render
from eventbus.delivery import pause
from eventbus.delivery.models import OperatorAction
from eventbus.operations.operator_acts import acts
from eventbus.operations.paused import behind_pauses

#: Of what operators did.
HISTORY = 20
DONE_HERE = (OperatorAction.Kind.PAUSED, OperatorAction.Kind.RESUMED)


@operators_only("GET")
def paused_page(request: HttpRequest) -> HttpResponse:
    return _page(request, PauseForm())


@operators_only("POST")
def submit_pause(request: HttpRequest) -> HttpResponse:
    form = PauseForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    app, _, reaction = form.cleaned_data["what"].partition(".")
    try:
        pause.pause(app, reaction, by=operator(request), reason=form.cleaned_data["reason"])
    except pause.CannotPause as error:
        messages.error(request, f"Nothing was done: {error}.")
    else:
        messages.success(request, f"{form.cleaned_data['what']} is paused. Its events wait.")
    return redirect("console:paused")


@operators_only("POST")
def submit_resume(request: HttpRequest) -> HttpResponse:
    form = ResumeForm(request.POST)
    if not form.is_valid():
        return render(request, "console/refused.html", {"form": form}, status=422)
    try:
        count = pause.resume(by=operator(request), **form.cleaned_data)
    except pause.NotPaused as error:
        messages.error(request, f"Nothing was done: {error}.")
    else:
        messages.success(request, f"It goes on; {count} reactions that waited are due now.")
    return redirect("console:paused")


def _page(request: HttpRequest, form: PauseForm, status: int = 200) -> HttpResponse:
    done = acts(OperatorAction.objects.filter(kind__in=DONE_HERE), HISTORY)
    context = {"pauses": behind_pauses(), "form": form, "acts": done}
    return render(request, "console/paused.html", context, status=status)
