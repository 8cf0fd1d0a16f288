"""The console's button that requests an audit."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from eventbus.console.views.access import operator, operators_only
from shop.audit import runs


@operators_only("POST")
def request_audit(request: HttpRequest) -> HttpResponse:
    """Request an audit and return to the console's page "Now"."""
    try:
        runs.request_audit(operator(request))
    except runs.AuditUnderWay as error:
        messages.warning(request, f"Nothing was started: {error}.")
    else:
        messages.success(request, "An audit is running, in a process of its own.")
    return redirect("console:now")
