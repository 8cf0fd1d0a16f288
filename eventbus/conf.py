"""Settings of the bus: Django settings under the prefix `EVENTBUS_`, with what holds without them.

`conf.MAX_ATTEMPTS` is Django's `EVENTBUS_MAX_ATTEMPTS` if that is set, else the default here.
Spans of time are `timedelta`, sizes bytes, and single waits seconds. `eventbus.delivery.checks`
compares what a project has set with what is said here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS

from eventbus import setting_forms as forms

PREFIX = "EVENTBUS_"


@dataclass(frozen=True)
class Setting:
    """A setting's default, what it means, and what it may be.

    A value has the type of the default, or one of `types`. `form` returns what is wrong with
    a value of the right type, or nothing.
    """

    default: Any
    meaning: str
    types: tuple[type, ...] = ()
    at_least: Any = None
    at_most: Any = None
    form: Callable[[Any], str] | None = None

    @property
    def allowed_types(self) -> tuple[type, ...]:
        """Return the types that a value may have."""
        return self.types or (type(self.default),)


PATH: tuple[type, ...] = (str, Path)
NUMBER: tuple[type, ...] = (int, float)
NAMES: tuple[type, ...] = (tuple, list, set)
NOTHING = timedelta()
MOMENT = timedelta(milliseconds=1)

SETTINGS: dict[str, Setting] = {
    "NAME": Setting(
        "eventbus",
        "what the exchange, the broker's keys and traces are called by; one name, one bus",
        form=forms.name,
    ),
    "BROKER_URL": Setting(
        "redis://127.0.0.1:6379/0",
        "Redis, Valkey or RabbitMQ, as kombu reads it",
        form=forms.broker_address,
    ),
    "BROKER_CA": Setting(
        "",
        "PEM file of who signed the broker's certificate; empty: whom this machine trusts",
        types=PATH,
        form=forms.file,
    ),
    "CONNECT_WITHIN": Setting(
        5, "seconds in which the broker must answer a new connection", types=NUMBER, at_least=0.1
    ),
    "TCP_OPTIONS": Setting({}, "options of the sockets to the broker, by number, as in `socket`"),
    "DIRECT_DATABASE": Setting(
        DEFAULT_DB_ALIAS,
        "alias in `DATABASES` of the database past a pooler that gives out connections by "
        "transaction: LISTEN goes there, and nothing is prepared by name",
        form=forms.database_alias,
    ),
    "SESSION_LIMITS": Setting(
        {},
        "PostgreSQL's own limits by kind of process (`worker`, `relay`): settings by name",
        form=forms.session_limits,
    ),
    "KEYS": Setting(
        [],
        "secrets that sign messages and seal texts: the first signs, all are accepted; "
        "empty: `SECRET_KEY` and its fallbacks",
        types=(list, tuple),
        form=forms.secrets,
    ),
    "FINGERPRINT_KEY": Setting(
        "",
        "secret by which a digest recognises what must not be kept; never changed; "
        "empty: `SECRET_KEY`",
    ),
    "MAX_EVENT": Setting(1024 * 1024, "bytes of JSON that one event may have", at_least=1024),
    "OVERDUE_AFTER": Setting(
        timedelta(seconds=20),
        "an unanswered delivery is sent again after this, then after growing spans",
        at_least=MOMENT,
    ),
    "RETRY_BASE": Setting(
        timedelta(seconds=1),
        "wait before the first retry of a failed reaction; doubles each time",
        at_least=NOTHING,
    ),
    "MAX_ATTEMPTS": Setting(8, "attempts before a reaction is parked", at_least=1, at_most=32767),
    "LEASE": Setting(
        timedelta(seconds=60),
        "how long a relay or an external call may hold its claim",
        at_least=MOMENT,
    ),
    "COMPACT_EVERY": Setting(
        timedelta(hours=1),
        "between rewrites of the append-only file of Redis or Valkey; 0: only after a redaction",
        at_least=NOTHING,
    ),
    "WORKER_CONCURRENCY": Setting(1, "processes of each worker", at_least=1),
    "BATCH_SIZE": Setting(
        50, "messages that a worker's process takes at most in one transaction", at_least=1
    ),
    "BATCH_WITHIN": Setting(
        timedelta(milliseconds=500),
        "after which a batch begins no further reaction",
        at_least=NOTHING,
    ),
    "BATCH_LINGER": Setting(
        timedelta(0),
        "how long a worker lets messages gather before it runs them, where no reaction of another "
        "app emits anything because of what this one emits; 0: it begins at once",
        at_least=NOTHING,
    ),
    "STATE": Setting(
        None,
        "folder in which processes say that they are ready and alive, for probes; None: nowhere",
        types=(*PATH, type(None)),
    ),
    "BASE_DIR": Setting(
        "",
        "what paths in errors are shortened by, so that errors are alike on every host",
        types=PATH,
    ),
    "CRASH_AT": Setting(
        "", "for tests: folder of the crash points that are armed; empty: none", types=PATH
    ),
    "RELEASE": Setting("", "name of the code that runs, shown for each worker"),
    "OTLP_ENDPOINT": Setting(
        "", "where traces go, OTLP over HTTP; empty: nowhere", form=forms.web_address
    ),
    "REACTION_OVERDUE": Setting(
        timedelta(seconds=60),
        "an event that nobody has answered for so long counts as overdue",
        at_least=MOMENT,
    ),
    "LATENCY_BUDGET": Setting(
        timedelta(seconds=5),
        "how soon after an event an app is to have reacted, where nobody has set another for it",
        at_least=MOMENT,
        at_most=timedelta(hours=1),
    ),
    "LATENCY_BUDGET_PERCENT": Setting(
        99.0,
        "percent of an app's reactions that are to be done within `EVENTBUS_LATENCY_BUDGET`",
        types=NUMBER,
        at_least=1,
        at_most=99.999,
    ),
    "ALERT_QUEUE_AGE": Setting(
        timedelta(minutes=5),
        "how long an event may wait before an alert is raised",
        at_least=MOMENT,
    ),
    "ALERT_FAILURES": Setting(
        20.0,
        "percent of an app's reactions that may fail without an alert",
        types=NUMBER,
        at_least=0,
        at_most=100,
    ),
    "ALERT_OUTBOX_AGE": Setting(
        timedelta(minutes=1),
        "how long an event may be unpublished before an alert is raised",
        at_least=MOMENT,
    ),
    "ALERT_SERVERS_AWAY": Setting(
        timedelta(seconds=10),
        "how long a relay may be without the database or the broker before it says so itself",
        at_least=NOTHING,
    ),
    "ALERT_WEBHOOK": Setting(
        "", "web address that alerts are posted to as JSON; empty: none", form=forms.web_address
    ),
    "ALERT_EMAIL": Setting(
        "",
        "who gets a mail about an alert that no worker has told of; empty: nobody",
        form=forms.email_address,
    ),
    "FLOWER_URL": Setting(
        "", "where Flower is, for a link; empty: nowhere", form=forms.web_address
    ),
    "CONSOLE_SOURCE_URL": Setting(
        "",
        "where the code is read, for links from the map: `https://host/{path}#L{line}`; empty: "
        "nowhere",
        form=forms.web_address,
    ),
    "KAFKA": Setting(
        {},
        "options of librdkafka by name: `bootstrap.servers`, and how it is logged in to",
    ),
    "KAFKA_PERSONAL": Setting(
        (),
        "types of events that go to Kafka with what is personal in them; of all others it is blank",
        types=NAMES,
    ),
    "KAFKA_TOPICS": Setting(
        (), "topics of Kafka from which `manage.py kafka_inbound` takes foreign events", types=NAMES
    ),
    "EVENTBRIDGE_BUS": Setting(
        "", "name or ARN of the event bus of AWS; its region and credentials boto3 finds by itself"
    ),
    "EVENTBRIDGE_ENDPOINT": Setting(
        "", "address of EventBridge; empty: AWS's own", form=forms.web_address
    ),
    "EVENTBRIDGE_PERSONAL": Setting(
        (),
        "types of events that go to EventBridge with what is personal in them; of all others it "
        "is blank",
        types=NAMES,
    ),
    "SERVICEBUS_CONNECTION_STRING": Setting(
        "", "connection string of a namespace of Azure Service Bus, with a key that may send"
    ),
    "SERVICEBUS_TOPIC": Setting("", "topic or queue of that namespace"),
    "SERVICEBUS_PERSONAL": Setting(
        (),
        "types of events that go to Service Bus with what is personal in them; of all others it "
        "is blank",
        types=NAMES,
    ),
    "WEBHOOKS_EVENTS": Setting(
        [],
        "types of events that people may have sent to their web servers; empty: none",
        types=(list, tuple),
        form=forms.texts,
    ),
    "WEBHOOKS_TIMEOUT": Setting(
        timedelta(seconds=10),
        "how long a receiver may take, from its name to its answer",
        at_least=MOMENT,
    ),
    "WEBHOOKS_RETRY_AFTER": Setting(
        [
            timedelta(seconds=5),
            timedelta(minutes=5),
            timedelta(minutes=30),
            *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
        ],
        "waits before a message is sent again, one for each attempt that failed",
        types=(list, tuple),
        form=forms.waits,
    ),
    "WEBHOOKS_DISABLE_AFTER": Setting(
        timedelta(days=3),
        "how long a receiver may take nothing before it is sent nothing more",
        at_least=MOMENT,
    ),
    "WEBHOOKS_OLD_SECRET_FOR": Setting(
        timedelta(days=1),
        "how long a secret signs beside the one that has replaced it",
        at_least=NOTHING,
    ),
    "WEBHOOKS_KEEP": Setting(
        timedelta(days=30),
        "how long messages to receivers and the log of attempts are kept",
        at_least=MOMENT,
    ),
    "WEBHOOKS_ALLOW_LOCAL": Setting(
        False, "whether receivers may be on this machine and in private networks, and speak http"
    ),
    "MODEL_ADMIN": Setting(
        "django.contrib.admin.ModelAdmin",
        "class behind the bus's pages in Django's admin",
        form=forms.importable,
    ),
    "INLINE_ADMIN": Setting(
        "django.contrib.admin.TabularInline",
        "class behind rows on those pages",
        form=forms.importable,
    ),
}


class Conf:
    """Reads a setting each time it is asked for, so that a test can change it."""

    def __getattr__(self, name: str) -> Any:
        if name not in SETTINGS:
            raise AttributeError(f"the bus has no setting {PREFIX}{name}")
        return getattr(settings, PREFIX + name, SETTINGS[name].default)


conf = Conf()
