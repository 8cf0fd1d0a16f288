"""An app's latency budget, and setting another."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from eventbus.console.throughput.forms import LevelForm, level_form
from eventbus.console.views.access import operator, operators_only
from eventbus.console.views.page import render
from eventbus.delivery.models import OperatorAction
from eventbus.operations.operator_acts import acts
from eventbus.operations.service_levels import (
    CannotSetLevel,
    budgets,
    service_levels,
    set_level,
)

#: Of what operators did.
HISTORY = 20


@operators_only("GET")
def budget_page(request: HttpRequest, app: str) -> HttpResponse:
    return _page(request, app)


@operators_only("POST")
def submit_budget(request: HttpRequest, app: str) -> HttpResponse:
    form = LevelForm(request.POST)
    if not form.is_valid() or app not in service_levels():
        return _page(request, app, form)
    try:
        level = set_level(app, by=operator(request), **form.level())
    except CannotSetLevel as error:
        form.add_error(None, f"Nothing was set: {error}.")
        return _page(request, app, form)
    messages.success(request, f"{app} is to do {level.promise} from now on.")
    return redirect("console:budget", app)


def _page(request: HttpRequest, app: str, form: LevelForm | None = None) -> HttpResponse:
    level = service_levels().get(app)
    if level is None:
        raise Http404(f"no app {app} reacts to anything")
    kinds = OperatorAction.objects.filter(kind=OperatorAction.Kind.BUDGETED, app=app)
    context = {
        "app": app,
        "level": level,
        "budgets": budgets({app: level})[app],
        "form": form or level_form(level),
        "acts": acts(kinds, HISTORY),
    }
    return render(request, "console/throughput/budget.html", context, status=422 if form else 200)
