"""The page of the town, and what it asks for."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from rides.errors import RideRefused, TooLate
from rides.models import Ride
from rides.services import cancel_ride, request_ride
from town import plan
from town.drawing import drawing
from web import switches
from web.live import live as current
from web.snapshot import says, snapshot
from web.story import steps


@require_GET
@ensure_csrf_cookie
def town(request: HttpRequest) -> HttpResponse:
    """Show the map; what moves on it is sent by `live`."""
    context = {
        "drawing": drawing(),
        "corners": [(key, plan.name(key), *plan.place(key)) for key in plan.CORNERS],
        "zones": plan.ZONES,
        "apps": switches.APPS,
        "switchable": bool(settings.SWITCHES),
        "town": snapshot(),
    }
    return render(request, "web/town.html", context)


@require_GET
async def live(request: HttpRequest) -> StreamingHttpResponse:
    """Send the town as server-sent events for as long as the page is open."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(
        current().stream(), content_type="text/event-stream", headers=headers
    )


@require_POST
def request(request: HttpRequest) -> JsonResponse:
    """Ask for a ride; answers with its id, or says what is wrong."""
    asked = {name: request.POST.get(name, "").strip() for name in ("rider", "pickup", "dropoff")}
    try:
        ride_id = request_ride(**asked)
    except RideRefused as refusal:
        return _refused(refusal, HTTPStatus.BAD_REQUEST)
    return JsonResponse({"id": str(ride_id)}, status=HTTPStatus.CREATED)


@require_GET
def story(request: HttpRequest, ride_id: UUID) -> HttpResponse:
    """Show what happened to a ride, and who reacted: a part of the page."""
    ride = get_object_or_404(Ride, pk=ride_id)
    context: dict[str, Any] = {"ride": ride, "says": says(ride), "steps": steps(ride_id)}
    context |= {"pickup": plan.name(ride.pickup), "dropoff": plan.name(ride.dropoff)}
    return render(request, "web/story.html", context)


@require_POST
def cancel(request: HttpRequest, ride_id: UUID) -> JsonResponse:
    """Cancel a ride that has not begun."""
    try:
        cancel_ride(ride_id)
    except Ride.DoesNotExist as unknown:
        raise Http404 from unknown
    except TooLate as refusal:
        return _refused(refusal, HTTPStatus.CONFLICT)
    return JsonResponse({"id": str(ride_id)})


@require_POST
def switch(request: HttpRequest, app: str) -> JsonResponse:
    """Switch an app's worker `on` or off."""
    if app not in switches.APPS or not settings.SWITCHES:
        raise Http404
    switches.turn(app, request.POST.get("on") == "true")
    return JsonResponse({"app": app, "wanted": switches.is_wanted(app)})


def _refused(refusal: RideRefused, status: HTTPStatus) -> JsonResponse:
    return JsonResponse({"error": str(refusal)}, status=status)
