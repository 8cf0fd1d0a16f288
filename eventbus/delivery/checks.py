"""Django system checks: a project in which the bus would not work is told so, with the cure.

The value of a setting is never shown, unless it is a number or a span of time.
"""

from collections.abc import Iterator
from datetime import timedelta
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import DEFAULT_DB_ALIAS, connection

from eventbus import registry
from eventbus.conf import PREFIX, SETTINGS, Setting, conf
from eventbus.upcasting import missing_steps

#: Each check by its id, with what it finds.
CHECKS = {
    "eventbus.E001": "`DATABASES['default']` is not PostgreSQL, in which the ledger is kept",
    "eventbus.E002": "`USE_TZ` is off, and moments of several hosts are compared",
    "eventbus.E003": "a setting begins as those of the bus do, and the bus has none of that name",
    "eventbus.E004": "a setting of the bus has a value of another type",
    "eventbus.E005": "a setting of the bus is too small or too large",
    "eventbus.E006": "a setting of the bus has the right type and cannot be used as it is",
    "eventbus.E007": "two settings contradict each other",
    "eventbus.E008": "an event has a version, and nothing upcasts one before",
    "eventbus.E009": "an event is stated by a foreign system, and nothing takes it in",
    "eventbus.E101": "a bridge lacks a setting without which it does not work",
    "eventbus.E102": "a bridge may send what is personal in events of a type that is not known",
}
_TLS = ("rediss", "amqps")


def check_project(**_: Any) -> list[CheckMessage]:
    """Return an error for each setting with which the bus would not work."""
    return [*_django(), *_unknown(), *_wrong(), *_contradictions()]


def _django() -> Iterator[CheckMessage]:
    if connection.vendor != "postgresql":
        yield Error(
            f"the bus needs PostgreSQL, and DATABASES['default'] is {connection.vendor}",
            hint='DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", ...}}',
            id="eventbus.E001",
        )
    if not settings.USE_TZ:
        yield Error(
            "the bus compares moments of several hosts, and USE_TZ is off",
            hint="USE_TZ = True",
            id="eventbus.E002",
        )


def _unknown() -> Iterator[CheckMessage]:
    known = {PREFIX + name for name in SETTINGS}
    for name in dir(settings):
        if name.replace("_", "").startswith(PREFIX.strip("_")) and name not in known:
            meant = get_close_matches(name, known, n=1)
            yield Error(
                f"the bus has no setting {name}",
                hint=f"Did you mean {meant[0]}?" if meant else "Remove it, or give it another name",
                id="eventbus.E003",
            )


def _wrong() -> Iterator[CheckMessage]:
    for name, setting in SETTINGS.items():
        value = getattr(conf, name)
        if value != setting.default and (found := _fault(setting, value)):
            id, must = found
            yield Error(
                f"{PREFIX}{name} must {must}",
                hint=f"{PREFIX}{name} = {written(setting.default)}  # {setting.meaning}",
                id=id,
            )


def _fault(setting: Setting, value: Any) -> tuple[str, str] | None:
    """Return the id of the check that refuses a value, and what it must be instead."""
    types = setting.allowed_types
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        names = " or ".join(type.__name__ for type in types)
        return "eventbus.E004", f"have the type {names}, and is of type {type(value).__name__}"
    if setting.at_least is not None and value < setting.at_least:
        return "eventbus.E005", f"be {written(setting.at_least)} or more, and is {written(value)}"
    if setting.at_most is not None and value > setting.at_most:
        return "eventbus.E005", f"be {written(setting.at_most)} or less, and is {written(value)}"
    if setting.form and (must := setting.form(value)):
        return "eventbus.E006", must
    return None


def written(value: Any) -> str:
    """Return a value as one writes it into the settings."""
    if isinstance(value, timedelta):
        return f"timedelta(seconds={value.total_seconds():.10g})"
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    return repr(value)


def _contradictions() -> Iterator[CheckMessage]:
    """Yield what is wrong with values that are right each by itself; nothing where one is not."""
    if any(_wrong()):
        return
    if conf.BROKER_CA and urlsplit(conf.BROKER_URL).scheme not in _TLS:
        yield _contradiction(
            "BROKER_CA is set, and the address in EVENTBUS_BROKER_URL asks for no TLS",
            "Begin the address with rediss:// or amqps://, or remove EVENTBUS_BROKER_CA",
        )
    for name, shorter, ends in (
        ("LEASE", "BATCH_WITHIN", "while a batch runs"),
        ("OVERDUE_AFTER", "BATCH_WITHIN", "while a batch runs"),
        ("OVERDUE_AFTER", "BATCH_LINGER", "while messages gather"),
    ):
        if getattr(conf, name) <= getattr(conf, shorter):
            yield _contradiction(
                f"{name} is not longer than {PREFIX}{shorter}: it would end {ends}",
                f"Make {PREFIX}{shorter} shorter than {written(getattr(conf, name))}",
            )
    direct, default = (settings.DATABASES[a] for a in (conf.DIRECT_DATABASE, DEFAULT_DB_ALIAS))
    if direct.get("NAME") != default.get("NAME"):
        yield _contradiction(
            "DIRECT_DATABASE is another database than DATABASES['default']",
            "Give both the same NAME: one past the pooler, one through it",
        )


def _contradiction(what: str, cure: str) -> CheckMessage:
    return Error(f"{PREFIX}{what}", hint=cure, id="eventbus.E007")


def check_upcasters(**_: Any) -> list[CheckMessage]:
    """Return an error for each older version of an event that this code could not read."""
    events = map(registry.event_class, registry.event_types())
    return [
        Error(
            f"{event.type} is at version {event.version}, and nothing upcasts its version {step}",
            hint=f"@upcasts({event.__name__}, from_version={step}) in {event.__module__}",
            id="eventbus.E008",
        )
        for event in events
        for step in missing_steps(event)
    ]


def check_foreign_events(**_: Any) -> list[CheckMessage]:
    """Return an error for each event of a foreign system where the inbound app is missing."""
    if apps.is_installed("eventbus.inbound"):
        return []
    return [
        Error(
            f"{event.type} is stated by {event.foreign_source}, and nothing takes it in",
            hint="put eventbus.inbound into INSTALLED_APPS, and run manage.py inbound",
            id="eventbus.E009",
        )
        for event in registry.foreign_events()
    ]
