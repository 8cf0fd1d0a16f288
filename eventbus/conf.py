"""Settings of the bus: Django settings under the prefix `EVENTBUS_`, with what holds without them.

`conf.MAX_ATTEMPTS` is Django's `EVENTBUS_MAX_ATTEMPTS` if that is set, else the default here.
Spans of time are `timedelta`, sizes bytes, and single waits seconds.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings

PREFIX = "EVENTBUS_"

DEFAULTS: dict[str, Any] = {
    # What the exchange, the broker's keys and traces are called by; one name, one bus.
    "NAME": "eventbus",
    # Redis, Valkey or RabbitMQ, as kombu reads it.
    "BROKER_URL": "redis://127.0.0.1:6379/0",
    # PEM file of who signed the broker's certificate; empty: whom this machine trusts.
    "BROKER_CA": "",
    # Seconds in which the broker must answer a new connection.
    "CONNECT_WITHIN": 5,
    # Options of the sockets to the broker, by number, as in `socket`.
    "TCP_OPTIONS": {},
    # Secrets that sign messages: the first signs, all are accepted. Empty: `SECRET_KEY`.
    "KEYS": [],
    # Secret by which a digest recognises what it must not keep; outlives the others.
    "FINGERPRINT_KEY": "",
    # Bytes of JSON that one event may have.
    "MAX_EVENT": 1024 * 1024,
    # An unanswered delivery is sent again after this, then after growing spans.
    "OVERDUE_AFTER": timedelta(seconds=20),
    # Before the first retry of a failed reaction; doubles each time.
    "RETRY_BASE": timedelta(seconds=1),
    # Attempts before a reaction is parked.
    "MAX_ATTEMPTS": 8,
    # How long an external call may hold its claim.
    "LEASE": timedelta(seconds=60),
    # Between rewrites of the append-only file of Redis or Valkey; 0: only after a redaction.
    "COMPACT_EVERY": timedelta(hours=1),
    # Processes of each worker.
    "WORKER_CONCURRENCY": 1,
    # PostgreSQL's own limits by kind of process (worker, relay, ...): settings by name.
    "SESSION_LIMITS": {},
    # Folder in which processes say that they are ready and alive, for probes; None: nowhere.
    "STATE": None,
    # What paths in errors are shortened by, so that errors are alike on every host.
    "BASE_DIR": "",
    # For tests: folder of the crash points that are armed; empty: none.
    "CRASH_AT": "",
    # The name of the code that runs, shown for each worker.
    "RELEASE": "",
    # Where traces go, OTLP over HTTP; empty: nowhere.
    "OTLP_ENDPOINT": "",
    # An event nobody has answered for so long counts as overdue.
    "REACTION_OVERDUE": timedelta(seconds=60),
    # Limits above which the console raises an alert, and whom it tells.
    "ALERT_QUEUE_AGE": timedelta(minutes=5),
    "ALERT_FAILURES": 20.0,
    "ALERT_OUTBOX_AGE": timedelta(minutes=1),
    "ALERT_SERVERS_AWAY": timedelta(seconds=10),
    "ALERT_WEBHOOK": "",
    "ALERT_EMAIL": "",
    # Where Flower is, for a link; empty: nowhere.
    "FLOWER_URL": "",
    # The class behind the bus's pages in Django's admin, and behind rows on them.
    "MODEL_ADMIN": "django.contrib.admin.ModelAdmin",
    "INLINE_ADMIN": "django.contrib.admin.TabularInline",
}


class Conf:
    """Reads a setting each time it is asked for, so that a test can change it."""

    def __getattr__(self, name: str) -> Any:
        if name not in DEFAULTS:
            raise AttributeError(f"the bus has no setting {PREFIX}{name}")
        return getattr(settings, PREFIX + name, DEFAULTS[name])


conf = Conf()
