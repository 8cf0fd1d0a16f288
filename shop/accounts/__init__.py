"""Customers' accounts: registration, addresses, API tokens, data export, erasure."""

from shop.accounts.customer_ids import account_of, customer_id, user_of
from shop.accounts.registration import AlreadyRegistered, is_taken, register
from shop.accounts.tokens import user_of_token

__all__ = [
    "AlreadyRegistered",
    "account_of",
    "customer_id",
    "is_taken",
    "register",
    "user_of",
    "user_of_token",
]
