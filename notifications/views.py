"""Pages that show the mails the shop sent."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.admin.views.decorators import staff_member_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from notifications.models import Mail

PER_PAGE = 25

View = Callable[..., HttpResponse]


def for_readers(view: View) -> View:
    """Staff only, unless mails go to files on the reader's own machine."""
    staff_only = staff_member_required(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        allowed = view if settings.MAILS_PAGE_PUBLIC else staff_only
        return allowed(request, *args, **kwargs)

    return guarded


@require_safe
@for_readers
def mail_list(request: HttpRequest) -> HttpResponse:
    """The mails, newest first; `?q=` looks in recipient, subject and order number."""
    sought = request.GET.get("q", "").strip()
    found = Mail.objects.filter(
        Q(recipient__icontains=sought) | Q(subject__icontains=sought) | Q(number__iexact=sought)
    ).defer("text", "html")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/mail_list.html", {"page": page, "sought": sought})


@require_safe
@for_readers
def mail(request: HttpRequest, id: UUID) -> HttpResponse:
    """One mail as its reader sees it, its text alternative and its headers."""
    mail = get_object_or_404(Mail, pk=id)
    return render(request, "notifications/mail.html", {"mail": mail})
