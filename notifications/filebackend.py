"""Mails as files, for a shop without a mail server."""

import glob
import os
import re
from collections.abc import Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMail
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Stores each mail as `<EMAIL_FILE_PATH>/<message-id>.eml`; the same mail, the same file."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the mails; returns how many. Raises `OSError` when the folder cannot take them."""
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for email in email_messages:
            _write(email, folder)
        return len(email_messages)


def remove(message_id: str) -> None:
    """Delete the file of a mail, if there is one, and what a killed process left of it."""
    file = Path(settings.EMAIL_FILE_PATH) / _name(message_id)
    for path in (file, *file.parent.glob(f".{glob.escape(file.name)}.*")):
        path.unlink(missing_ok=True)


def sent(message_id: str) -> ParsedMail | None:
    """Read a mail as it was sent, while its file is there."""
    file = Path(settings.EMAIL_FILE_PATH) / _name(message_id)
    if not file.exists():
        return None
    return message_from_bytes(file.read_bytes(), policy=policy.default)


def _write(email: EmailMessage, folder: Path) -> None:
    """Write aside and rename, so that nobody ever sees half a mail."""
    message = email.message()
    name = _name(message["Message-ID"])
    with NamedTemporaryFile(dir=folder, prefix=f".{name}.", delete=False) as file:
        file.write(message.as_bytes())
    os.replace(file.name, folder / name)


def _name(message_id: str) -> str:
    return re.sub(r"[^\w.@+-]", "", message_id) + ".eml"
