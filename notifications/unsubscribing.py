"""The way out of mails that nobody needs: a signed link, and the button of mail programs."""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

#: The kinds of mail that no order or account needs.
OPTIONAL = frozenset({"cart_abandoned", "back_in_stock"})

_signer = Signer(salt="notifications.unsubscribe")


class BrokenLink(Exception):
    """The link is not one of ours, or was cut off on its way: use it as it stands in the mail."""


def token_of(mail_id: UUID) -> str:
    """Return what stands for a mail in the link that unsubscribes its reader."""
    return _signer.sign(mail_id.hex)


def mail_id_of(token: str) -> UUID:
    """Return the mail a link came in. Raises `BrokenLink`."""
    try:
        return UUID(_signer.unsign(token))
    except (BadSignature, ValueError) as error:
        raise BrokenLink from error


def headers_of(mail_id: UUID) -> dict[str, str]:
    """Return the headers by which mail programs offer to unsubscribe with one click (RFC 8058)."""
    link = settings.SHOP_URL + reverse("unsubscribe", args=[token_of(mail_id)])
    return {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
