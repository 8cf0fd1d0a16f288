"""What the mails say: templates by kind, in HTML and in plain text."""

from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from shop.bus import Event


def compose(kind: str, event: Event, subject: str, facts: dict[str, Any]) -> dict[str, str]:
    """Subject, text and HTML of a mail about `event`.

    The templates `notifications/mail/<kind>.html` and `.txt` see the event as
    `event` and the `facts` by their names.
    """
    subject = " ".join(subject.split())
    context = {
        **facts,
        "event": event,
        "subject": subject,
        "shop": shop_name(),
        "shop_url": settings.SHOP_URL,
    }
    html, text = (
        render_to_string(f"notifications/mail/{kind}.{suffix}", context)
        for suffix in ("html", "txt")
    )
    return {"subject": subject, "html": html.strip(), "text": text.strip() + "\n"}


def shop_name() -> str:
    """The shop's name: the one its mails are sent under."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[0] or mail_domain()


def mail_domain() -> str:
    """The domain the shop sends from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
