"""The order page's stream of server-sent events."""

from uuid import UUID

from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from orders.errors import UnknownOrder
from shop.ratelimit import client_address, limits
from shop.storefront.live import current_broadcaster, in_thread, stream

#: Seconds after which it is worth asking again.
BUSY = 30


@never_cache
@require_GET
async def events(request: HttpRequest, order_id: UUID) -> HttpResponseBase:
    """Send the order's page as server-sent events, from what the browser saw last.

    429 when the visitor has asked for orders too often, or has many streams open. 503 when this
    process has as many as it may, or is no server of streams. The page then asks now and then.
    """
    if not isinstance(request, ASGIRequest) or (broadcaster := current_broadcaster()).is_full:
        return HttpResponse(status=503, headers={"Retry-After": BUSY})
    who = client_address.client_ip(request)
    if broadcaster.has_too_many_streams(who):
        return HttpResponse(status=limits.TOO_MANY_REQUESTS, headers={"Retry-After": BUSY})
    if wait := await in_thread(limits.hit, "order", who):
        return HttpResponse(status=limits.TOO_MANY_REQUESTS, headers={"Retry-After": wait})
    try:
        channel = await broadcaster.subscribe(order_id, get_language() or "en")
    except UnknownOrder as unknown:
        raise Http404(str(unknown)) from unknown
    seen = request.headers.get("Last-Event-ID") or request.GET.get("last", "")
    return StreamingHttpResponse(
        stream(broadcaster, channel, seen, who),
        content_type="text/event-stream; charset=utf-8",
        # nginx would keep the news until there is a bufferful.
        headers={"X-Accel-Buffering": "no"},
    )
