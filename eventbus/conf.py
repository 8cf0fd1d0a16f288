"""Settings of the bus: Django settings under the prefix `EVENTBUS_`, with what holds without them.

`conf.MAX_ATTEMPTS` is Django's `EVENTBUS_MAX_ATTEMPTS` if that is set, else the default here.
Spans of time are `timedelta`, sizes bytes, and single waits seconds.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS

PREFIX = "EVENTBUS_"


@dataclass(frozen=True)
class Setting:
    """A setting's default, and what it means."""

    default: Any
    meaning: str


SETTINGS: dict[str, Setting] = {
    "NAME": Setting(
        "eventbus",
        "what the exchange, the broker's keys and traces are called by; one name, one bus",
    ),
    "BROKER_URL": Setting(
        "redis://127.0.0.1:6379/0", "Redis, Valkey or RabbitMQ, as kombu reads it"
    ),
    "BROKER_CA": Setting(
        "",
        "PEM file of who signed the broker's certificate; empty: whom this machine trusts",
    ),
    "CONNECT_WITHIN": Setting(5, "seconds in which the broker must answer a new connection"),
    "TCP_OPTIONS": Setting({}, "options of the sockets to the broker, by number, as in `socket`"),
    "DIRECT_DATABASE": Setting(
        DEFAULT_DB_ALIAS,
        "alias in `DATABASES` of the database past a pooler that gives out connections by "
        "transaction: LISTEN goes there",
    ),
    "SESSION_LIMITS": Setting(
        {}, "PostgreSQL's own limits by kind of process (`worker`, `relay`): settings by name"
    ),
    "KEYS": Setting(
        [],
        "secrets that sign messages and seal texts: the first signs, all are accepted; "
        "empty: `SECRET_KEY` and its fallbacks",
    ),
    "FINGERPRINT_KEY": Setting(
        "",
        "secret by which a digest recognises what must not be kept; never changed; "
        "empty: `SECRET_KEY`",
    ),
    "MAX_EVENT": Setting(1024 * 1024, "bytes of JSON that one event may have"),
    "OVERDUE_AFTER": Setting(
        timedelta(seconds=20),
        "an unanswered delivery is sent again after this, then after growing spans",
    ),
    "RETRY_BASE": Setting(
        timedelta(seconds=1), "wait before the first retry of a failed reaction; doubles each time"
    ),
    "MAX_ATTEMPTS": Setting(8, "attempts before a reaction is parked"),
    "LEASE": Setting(
        timedelta(seconds=60), "how long a relay or an external call may hold its claim"
    ),
    "COMPACT_EVERY": Setting(
        timedelta(hours=1),
        "between rewrites of the append-only file of Redis or Valkey; 0: only after a redaction",
    ),
    "WORKER_CONCURRENCY": Setting(1, "processes of each worker"),
    "BATCH_SIZE": Setting(50, "messages that a worker's process takes at most in one transaction"),
    "BATCH_WITHIN": Setting(
        timedelta(milliseconds=500), "after which a batch begins no further reaction"
    ),
    "STATE": Setting(
        None,
        "folder in which processes say that they are ready and alive, for probes; None: nowhere",
    ),
    "BASE_DIR": Setting(
        "", "what paths in errors are shortened by, so that errors are alike on every host"
    ),
    "CRASH_AT": Setting("", "for tests: folder of the crash points that are armed; empty: none"),
    "RELEASE": Setting("", "name of the code that runs, shown for each worker"),
    "OTLP_ENDPOINT": Setting("", "where traces go, OTLP over HTTP; empty: nowhere"),
    "REACTION_OVERDUE": Setting(
        timedelta(seconds=60), "an event that nobody has answered for so long counts as overdue"
    ),
    "ALERT_QUEUE_AGE": Setting(
        timedelta(minutes=5), "how long an event may wait before an alert is raised"
    ),
    "ALERT_FAILURES": Setting(20.0, "percent of an app's reactions that may fail without an alert"),
    "ALERT_OUTBOX_AGE": Setting(
        timedelta(minutes=1), "how long an event may be unpublished before an alert is raised"
    ),
    "ALERT_SERVERS_AWAY": Setting(
        timedelta(seconds=10),
        "how long a relay may be without the database or the broker before it says so itself",
    ),
    "ALERT_WEBHOOK": Setting("", "web address that alerts are posted to as JSON; empty: none"),
    "ALERT_EMAIL": Setting(
        "", "who gets a mail about an alert that no worker has told of; empty: nobody"
    ),
    "FLOWER_URL": Setting("", "where Flower is, for a link; empty: nowhere"),
    "MODEL_ADMIN": Setting(
        "django.contrib.admin.ModelAdmin", "class behind the bus's pages in Django's admin"
    ),
    "INLINE_ADMIN": Setting(
        "django.contrib.admin.TabularInline", "class behind rows on those pages"
    ),
}


class Conf:
    """Reads a setting each time it is asked for, so that a test can change it."""

    def __getattr__(self, name: str) -> Any:
        if name not in SETTINGS:
            raise AttributeError(f"the bus has no setting {PREFIX}{name}")
        return getattr(settings, PREFIX + name, SETTINGS[name].default)


conf = Conf()
