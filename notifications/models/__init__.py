"""What the notifications app keeps: mails, their readers, and what it may have to write about."""

from notifications.models.allowance import Allowance
from notifications.models.cart import WatchedCart
from notifications.models.forgotten import Forgotten
from notifications.models.mail import Mail
from notifications.models.reader import Reader, Unsubscribed
from notifications.models.wish import Shelf, Wish

__all__ = [
    "Allowance",
    "Forgotten",
    "Mail",
    "Reader",
    "Shelf",
    "Unsubscribed",
    "WatchedCart",
    "Wish",
]
