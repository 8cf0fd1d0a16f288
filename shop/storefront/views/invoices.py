"""The invoice of a paid order as a PDF."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing import services as billing
from billing.errors import NoInvoice
from shop.storefront.views.order_access import progress_or_404, unlisted

#: There is none yet: the order's state is in the way.
CONFLICT = 409


@unlisted
@require_safe
def show(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Send the PDF; show a page that says so as long as there is none."""
    progress = progress_or_404(order_id)
    try:
        number, pdf = billing.invoice_pdf(order_id)
    except NoInvoice:
        context = {"order": progress.order}
        return render(request, "storefront/order/no_invoice.html", context, status=CONFLICT)
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{number}.pdf"'},
    )
