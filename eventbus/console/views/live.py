"""The stream that keeps every page of the console up to date."""

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from eventbus.console.now.hub import current_hub
from eventbus.console.now.stream import stream
from eventbus.console.views.access import operators_only_live

#: Seconds after which it is worth asking again.
BUSY = 30


@operators_only_live
async def live(request: HttpRequest) -> HttpResponseBase:
    """Send what changes as server-sent events.

    503 when this process has as many viewers as it may, or is no server of streams. The page then
    asks for itself now and then.
    """
    if not isinstance(request, ASGIRequest) or (hub := current_hub()).is_full:
        return HttpResponse(status=503, headers={"Retry-After": BUSY})
    return StreamingHttpResponse(
        stream(hub),
        content_type="text/event-stream; charset=utf-8",
        # nginx would keep the news until there is a bufferful.
        headers={"X-Accel-Buffering": "no"},
    )
