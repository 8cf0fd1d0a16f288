"""API tokens, with which programs act for a customer."""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from shop.accounts.customer_ids import user_of
from shop.storefront.models import ApiToken

#: Tokens a customer may have at a time.
MOST_TOKENS = 20
#: By this scanners for leaked secrets find a token.
PREFIX = "shop_"
PREFIX_LENGTH = len(PREFIX) + 6
#: Use is recorded at most this often: a token in steady use is not a write per call.
USE_RECORDED_EVERY = timedelta(minutes=1)


class TooManyTokens(Exception):
    """A customer has as many tokens as they may have: revoke one that is not needed."""


def make_token(customer_id: str, name: str) -> str:
    """Create and return a token, this once: only its digest is stored. Raises `TooManyTokens`."""
    if tokens_of(customer_id).count() >= MOST_TOKENS:
        raise TooManyTokens(f"{customer_id} has {MOST_TOKENS} tokens")
    token = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        customer_id=customer_id, name=name, prefix=token[:PREFIX_LENGTH], digest=_digest(token)
    )
    return token


def tokens_of(customer_id: str) -> QuerySet[ApiToken]:
    """Return the customer's tokens that are not revoked, newest first."""
    return ApiToken.objects.filter(customer_id=customer_id, revoked_at=None)


def revoke_token(token: ApiToken) -> None:
    """Revoke one token."""
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])


def revoke_all(customer_id: str) -> None:
    """Revoke all tokens of a customer."""
    tokens_of(customer_id).update(revoked_at=timezone.now())


def user_of_token(token: str) -> AbstractBaseUser | None:
    """Return the user a token acts for; None if it is unknown or revoked, or the account closed."""
    found = ApiToken.objects.filter(digest=_digest(token), revoked_at=None).first()
    user = user_of(found.customer_id) if found else None
    if found and user:
        _record_use(found)
    return user


def _record_use(token: ApiToken) -> None:
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_RECORDED_EVERY)
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)


def _digest(token: str) -> str:
    # A token is random enough that a plain digest cannot be guessed backwards.
    return hashlib.sha256(token.encode()).hexdigest()
