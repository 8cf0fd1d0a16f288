"""Keyed digests (HMAC) of values to recognise, with a key that outlives session and link keys."""

from django.conf import settings
from django.utils.crypto import salted_hmac

from eventbus.conf import conf


def lasting_digest(topic: str, value: str | bytes) -> str:
    """Return a digest by which a value of this topic is recognised; its key never changes."""
    key = conf.FINGERPRINT_KEY or settings.SECRET_KEY
    return salted_hmac(topic, value, secret=key, algorithm="sha256").hexdigest()
