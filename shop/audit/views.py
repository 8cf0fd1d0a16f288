"""Asking for an audit, from the console."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from eventbus.console.views.guard import operator, operators_only
from shop.audit import runs


@operators_only("POST")
def ask(request: HttpRequest) -> HttpResponse:
    try:
        runs.ask_for_audit(operator(request))
    except runs.AuditUnderWay as error:
        messages.warning(request, f"Nothing was started: {error}.")
    else:
        messages.success(request, "An audit is being made, in a process of its own.")
    return redirect("console:front")
