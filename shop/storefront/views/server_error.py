"""When something broke on our side: what the shopper is told."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

#: Seconds after which it is worth trying again.
SOON = 10


def server_error(request: HttpRequest) -> HttpResponse:
    """Show a page that needs nothing of what may be broken; 503 when the database is away."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        response = render(request, "503.html", status=503)
        response["Retry-After"] = str(SOON)
        return response
    return render(request, "500.html", status=500)
