"""Tokens by which programs act for a customer, over the API."""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from shop.accounts.naming import user_of
from shop.storefront.models import ApiToken

#: Tokens a customer may have at a time.
MOST_TOKENS = 20
#: Programs find a token in a text by this.
BEGINNING = "shop_"
SHOWN = len(BEGINNING) + 6
#: Use is noted at most this often: a token in steady use is not a write per call.
NOTED_EVERY = timedelta(minutes=1)


class TooManyTokens(Exception):
    """A customer has as many tokens as they may have: revoke one that is not needed."""


def make_token(customer_id: str, name: str) -> str:
    """A new token, told this once: only its digest is kept. Raises `TooManyTokens`."""
    if tokens_of(customer_id).count() >= MOST_TOKENS:
        raise TooManyTokens(f"{customer_id} has {MOST_TOKENS} tokens")
    token = BEGINNING + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        customer_id=customer_id, name=name, prefix=token[:SHOWN], digest=_digest(token)
    )
    return token


def tokens_of(customer_id: str) -> QuerySet[ApiToken]:
    """The customer's tokens that work, the newest first."""
    return ApiToken.objects.filter(customer_id=customer_id, revoked_at=None)


def revoke_token(token: ApiToken) -> None:
    """It works no longer."""
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])


def revoke_all(customer_id: str) -> None:
    """None of the customer's works any longer."""
    tokens_of(customer_id).update(revoked_at=timezone.now())


def user_of_token(token: str) -> AbstractBaseUser | None:
    """Whom a program with this token acts for; None when the token does not work (any more)."""
    found = ApiToken.objects.filter(digest=_digest(token), revoked_at=None).first()
    user = user_of(found.customer_id) if found else None
    if found and user:
        _note_use(found)
    return user


def _note_use(token: ApiToken) -> None:
    now = timezone.now()
    lately = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED_EVERY)
    ApiToken.objects.filter(lately, pk=token.pk).update(last_used_at=now)


def _digest(token: str) -> str:
    # A token is random enough that a plain digest cannot be guessed backwards.
    return hashlib.sha256(token.encode()).hexdigest()
