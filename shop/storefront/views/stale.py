"""A form whose page is older than the login: what was typed is kept, and asked for once more."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from shop.storefront.views import UNPROCESSABLE

#: How Django begins to say that its token is the reason, and not where the form came from.
TOKEN = "CSRF "  # nosec B105
FORBIDDEN = 403


@never_cache
def send_again(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show a page that sends the same once more; empty-handed for what another site has sent."""
    typed = list(request.POST.lists()) if reason.startswith(TOKEN) else []
    fields = [(name, value) for name, values in typed for value in values]
    htmx = getattr(request, "htmx", False)
    context = {
        "kept": [field for field in fields if not _is_left_out(field[0])],
        "passwords": [name for name, _value in fields if "password" in name],
        "sent": bool(fields),
        "without_cookie": reason == REASON_NO_CSRF_COOKIE,
    }
    # Htmx shows what is to be mended, and nothing else that went wrong.
    status = UNPROCESSABLE if htmx else FORBIDDEN
    page = render(request, "403_csrf.html", context, status=status)
    if htmx:
        page["HX-Retarget"], page["HX-Reselect"], page["HX-Reswap"] = "main", "main", "outerHTML"
    return page


def _is_left_out(name: str) -> bool:
    return name == "csrfmiddlewaretoken" or "password" in name
