"""The tables of notifications: mails, their readers, and what it may have to write about."""

from notifications.models.allowance import Allowance
from notifications.models.back_in_stock import AvailableStock, BackInStockAlert
from notifications.models.cart import WatchedCart
from notifications.models.erased_customer import ErasedCustomer
from notifications.models.mail import Mail
from notifications.models.recipient import Recipient, Unsubscribed

__all__ = [
    "Allowance",
    "AvailableStock",
    "BackInStockAlert",
    "ErasedCustomer",
    "Mail",
    "Recipient",
    "Unsubscribed",
    "WatchedCart",
]
