"""The invoice of a paid order, as a file to keep."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing import services as billing
from billing.errors import NoInvoice
from shop.storefront.views.order_access import story_of, unlisted

#: There is none yet: the order's state is in the way.
CONFLICT = 409


@unlisted
@require_safe
def show(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The PDF; a page that says so as long as there is none."""
    story = story_of(order_id)
    try:
        number, pdf = billing.invoice_pdf(order_id)
    except NoInvoice:
        context = {"order": story.order}
        return render(request, "storefront/order/no_invoice.html", context, status=CONFLICT)
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{number}.pdf"'},
    )
