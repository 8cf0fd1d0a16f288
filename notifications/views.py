"""Pages that show the mails the shop sent, and the way out of those nobody needs."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from eventbus import mailbox
from notifications import filebackend
from notifications.models import Mail
from notifications.texts import ACCOUNT
from notifications.unsubscribing import BrokenLink, mail_id_of

#: Characters of an address, a subject or a number.
LONGEST = 300
PER_PAGE = 25

#: Of a mail shown in a frame: it brings its own styles and nothing else.
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)

View = Callable[..., HttpResponse]


def for_readers(view: View) -> View:
    """Let staff in who may, unless mails go to files on the reader's own machine; in no cache."""
    may_read = permission_required("notifications.view_mail", raise_exception=True)
    staff_only = staff_member_required(may_read(view))

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        allowed = view if settings.MAILS_PAGE_PUBLIC else staff_only
        return allowed(request, *args, **kwargs)

    return never_cache(guarded)


@require_safe
@for_readers
def mail_list(request: HttpRequest) -> HttpResponse:
    """Show the mails, newest first; `?q=` looks in recipient, subject and order number."""
    sought = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    found = Mail.objects.filter(
        Q(recipient__contains=mailbox(sought))
        | Q(subject__icontains=sought)
        | Q(number__iexact=sought)
    ).defer("text", "html")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/mail_list.html", {"page": page, "sought": sought})


@require_safe
@for_readers
def mail(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one mail as its reader sees it, its text alternative and its headers."""
    mail = get_object_or_404(Mail, pk=id)
    context = {"mail": mail, "secret": _is_secret(mail), "text": _as_sent(mail, "plain")}
    return render(request, "notifications/mail.html", context)


@require_safe
@for_readers
@xframe_options_sameorigin
def mail_html(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show a mail's HTML, for the frame it is shown in: no scripts, nothing from elsewhere."""
    mail = get_object_or_404(Mail, pk=id)
    if _is_secret(mail):
        raise PermissionDenied
    return HttpResponse(_as_sent(mail, "html"), headers={"Content-Security-Policy": _MAIL_POLICY})


def _as_sent(mail: Mail, kind: str) -> str:
    """Return its text or HTML. A link into an account stands only in the sent file."""
    sent = filebackend.sent(mail.message_id) if mail.kind in ACCOUNT else None
    part = sent.get_body([kind]) if sent else None
    if part is not None:
        return part.get_content()
    return mail.html if kind == "html" else mail.text


def _is_secret(mail: Mail) -> bool:
    """Return whether a mail has a link into an account, and this is not a developer's machine."""
    return mail.kind in ACCOUNT and not settings.MAILS_PAGE_PUBLIC


@csrf_exempt  # whoever has the link may use it, and mail programs have no cookies
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether the reader of a mail wants no more reminders, and take their word for it."""
    try:
        mail = Mail.objects.filter(pk=mail_id_of(token)).first()
    except BrokenLink:
        return render(request, "notifications/unsubscribe.html", {"broken": True}, status=404)
    if request.method == "POST" and mail:
        mail.unsubscribe_reader()
    done = request.method == "POST"
    return render(request, "notifications/unsubscribe.html", {"mail": mail, "done": done})
