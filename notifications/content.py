"""What the mails say: templates by kind, in HTML and in plain text, in the reader's language."""

import re
from email.utils import parseaddr
from textwrap import shorten
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import override

from eventbus import Event
from notifications.plain_text import plain
from shop.events import AccountMailRequested

#: In characters; the rest of a long title is in the mail.
LONGEST_SUBJECT = 200


def compose(
    kind: str, event: Event, subject: str | Promise, facts: dict[str, Any], language: str
) -> dict[str, str]:
    """Return subject, text and HTML of a mail about `event`.

    The event's fields fill the `%(gaps)s` of the subject, which is translated
    here. The templates `notifications/mail/<kind>.html` and `.txt` see them by
    their names, with the `facts`, and the whole as `event`. What people may have
    typed in it, all that is `Personal`, is shown as `plain` text.
    """
    with override(language):
        fit = event.with_typed(plain)
        values = {**dict(fit), **_links_of(event), **facts}
        line = shorten(str(subject) % values, LONGEST_SUBJECT, placeholder="…")
        context = {**values, "event": fit, "subject": line, **_of_the_shop(language)}
        html, text = (
            render_to_string(f"notifications/mail/{kind}.{suffix}", context)
            for suffix in ("html", "txt")
        )
    # Parts that are left out leave their line ends behind.
    tidy = re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n"
    return {"subject": line, "html": html.strip(), "text": tidy}


def _links_of(event: Event) -> dict[str, str]:
    """Return the way into an account: personal, and made by the shop."""
    return {"link": event.link} if isinstance(event, AccountMailRequested) else {}


def _of_the_shop(language: str) -> dict[str, str]:
    return {"shop": shop_name(), "shop_url": settings.SHOP_URL, "language": language}


def shop_name() -> str:
    """Return the shop's name: the one its mails are sent under."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[0] or mail_domain()


def mail_domain() -> str:
    """Return the domain the shop sends from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
