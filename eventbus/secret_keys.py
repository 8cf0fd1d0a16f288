"""The bus's own secrets: the first signs and seals, all are accepted."""

from django.conf import settings

from eventbus.conf import conf


def secret_keys() -> list[str]:
    """Return the secrets: `EVENTBUS_KEYS`, or else Django's own and its fallbacks."""
    return conf.KEYS or [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
