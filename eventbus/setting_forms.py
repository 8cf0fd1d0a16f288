"""What is wrong with a setting's value, in a few words after "must"; nothing where it is right.

The value itself is never shown: an address may hold a password.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.module_loading import import_string

BROKERS = ("redis", "rediss", "redis+socket", "amqp", "amqps", "pyamqp")
_NAME = re.compile(r"[\w.-]+", re.ASCII)


def name(value: str) -> str:
    """Refuse what does not make a name on every broker."""
    return "" if _NAME.fullmatch(value) else "consist of letters, digits, dots, - and _"


def broker_address(value: str) -> str:
    """Refuse an address of no broker that the bus knows."""
    schemes = ", ".join(f"{scheme}://" for scheme in BROKERS)
    return "" if urlsplit(value).scheme in BROKERS else f"begin with one of {schemes}"


def web_address(value: str) -> str:
    """Refuse what is neither empty nor an address over HTTP."""
    address = urlsplit(value)
    is_web = address.scheme in ("http", "https") and address.netloc
    return "" if is_web or not value else "begin with http:// or https:// and a host"


def email_address(value: str) -> str:
    """Refuse what is neither empty nor one mail address."""
    try:
        if value:
            validate_email(value)
    except ValidationError:
        return "be one mail address"
    return ""


def file(value: str | Path) -> str:
    """Refuse what is neither empty nor the path of a file that is there."""
    return "" if not str(value) or Path(value).is_file() else "be the path of a file that is there"


def database_alias(value: str) -> str:
    """Refuse what is no key of `DATABASES`."""
    return "" if value in settings.DATABASES else "be one of the keys of DATABASES"


def secrets(value: Iterable[object]) -> str:
    """Refuse a key that is no text or empty, which would sign nothing."""
    return "" if all(isinstance(key, str) and key for key in value) else "hold texts, none empty"


def texts(value: Iterable[object]) -> str:
    """Refuse what holds anything but texts."""
    return "" if all(isinstance(each, str) and each for each in value) else "hold texts, none empty"


def waits(value: Sequence[object]) -> str:
    """Refuse what is no list of spans of time, each longer than nothing."""
    are_spans = all(isinstance(each, timedelta) and each > timedelta() for each in value)
    return "" if value and are_spans else "hold one timedelta or more, none of 0 or less"


def session_limits(value: Mapping[object, object]) -> str:
    """Refuse what is no dictionary for each kind of process."""
    is_by_kind = all(isinstance(limits, Mapping) for limits in value.values())
    return "" if is_by_kind else "be like {'worker': {'lock_timeout': '20s'}}"


def importable(value: str) -> str:
    """Refuse the dotted path of a class that cannot be imported."""
    try:
        import_string(value)
    except ImportError:
        return "be the dotted path of a class that can be imported"
    return ""
