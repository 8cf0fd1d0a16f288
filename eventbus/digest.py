"""What is recognised and not read: keyed digests that outlive the keys of sessions and links."""

from django.conf import settings
from django.utils.crypto import salted_hmac

from eventbus.conf import conf


def lasting_digest(topic: str, value: str | bytes) -> str:
    """Recognises a value of this topic and does not tell it. Kept for ever, so its key is too."""
    key = conf.FINGERPRINT_KEY or settings.SECRET_KEY
    return salted_hmac(topic, value, secret=key, algorithm="sha256").hexdigest()
