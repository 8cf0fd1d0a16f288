"""What operators did: who, when, to what and why."""

from django.http import HttpRequest, HttpResponse

from eventbus.console.forms import ActsFilter
from eventbus.console.views.access import operators_only
from eventbus.console.views.page import render
from eventbus.delivery.models import OperatorAction
from eventbus.operations.operator_acts import acts

#: Acts that are listed.
SHOWN = 200


@operators_only("GET")
def acts_page(request: HttpRequest) -> HttpResponse:
    form = ActsFilter(request.GET)
    if not form.is_valid():
        return render(request, "console/refused.html", {"form": form}, status=422)
    wanted = {name: value for name, value in form.cleaned_data.items() if value}
    found = acts(OperatorAction.objects.filter(**wanted), SHOWN)
    context = {"form": form, "acts": found, "is_narrowed": bool(wanted)}
    return render(request, "console/acts.html", context)
