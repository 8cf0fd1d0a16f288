"""The front page: the proof, and what needs a person now."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from shop.console import proof
from shop.console.concerns import concerns
from shop.console.views.guard import operator, operators_only


@operators_only("GET")
def front(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "console/front.html",
        {
            "proof": proof.proof(),
            "concerns": concerns(),
            "flower": f"http://127.0.0.1:{settings.FLOWER_PORT}/",
        },
    )


@operators_only("POST")
def ask_for_audit(request: HttpRequest) -> HttpResponse:
    try:
        proof.ask_for_audit(operator(request))
    except proof.AuditUnderWay as error:
        messages.warning(request, f"Nothing was started: {error}.")
    else:
        messages.success(request, "An audit is being made, in a process of its own.")
    return redirect("console:front")
