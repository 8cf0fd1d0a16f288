"""What the mails say: templates by kind, in HTML and in plain text, in the reader's language."""

import re
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import override

from shop.bus import Event


def compose(
    kind: str, event: Event, subject: str | Promise, facts: dict[str, Any], language: str
) -> dict[str, str]:
    """Subject, text and HTML of a mail about `event`.

    The event's fields fill the `%(gaps)s` of the subject, which is translated
    here. The templates `notifications/mail/<kind>.html` and `.txt` see them by
    their names, with the `facts`, and the whole as `event`.
    """
    with override(language):
        told = {**dict(event), **facts}
        line = " ".join((str(subject) % told).split())
        context = {**told, "event": event, "subject": line, **_of_the_shop(language)}
        html, text = (
            render_to_string(f"notifications/mail/{kind}.{suffix}", context)
            for suffix in ("html", "txt")
        )
    # Parts that are left out leave their line ends behind.
    tidy = re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n"
    return {"subject": line, "html": html.strip(), "text": tidy}


def _of_the_shop(language: str) -> dict[str, str]:
    return {"shop": shop_name(), "shop_url": settings.SHOP_URL, "language": language}


def shop_name() -> str:
    """The shop's name: the one its mails are sent under."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[0] or mail_domain()


def mail_domain() -> str:
    """The domain the shop sends from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
