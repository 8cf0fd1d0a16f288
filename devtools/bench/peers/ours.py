"""This bus, its first two layers alone, in a Django project of its own with a folder per app."""

import os
import sys
from pathlib import Path

from devtools.bench.peers import job

#: The project's files, by path; `{app}` stands for the name of each app.
PROJECT = {
    "settings.py": """
import logging
import os

import structlog
from devtools.bench.peers import job
from psycopg.conninfo import conninfo_to_dict

# As much as the others log: no line for each reaction.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))

_address = conninfo_to_dict(job.DATABASE)
SECRET_KEY = "of a measurement"
USE_TZ = True
DATABASES = {"default": {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": _address["dbname"], "USER": _address["user"], "HOST": _address["host"],
    "CONN_MAX_AGE": None,
}}
INSTALLED_APPS = ["eventbus.delivery", "eventbus.messaging", "job", *job.APPS]
EVENTBUS_NAME = "peers"
EVENTBUS_BROKER_URL = job.BROKER
EVENTBUS_WORKER_CONCURRENCY = int(os.environ.get("PEER_CONCURRENCY", "1"))
LOGGING_CONFIG = None
""",
    "job/events.py": """
from eventbus import Event


class Counted(Event):
    \"\"\"An event was counted.\"\"\"

    number: int
""",
    "job/services.py": """
from devtools.bench.peers import job
from django.db import connection, transaction
from eventbus import emit, emits
from job.events import Counted


@emits(Counted)
def count(number: int) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(job.EMITTED, [number])
        emit(Counted(number=number))
""",
}
APP = {
    "{app}/reactions.py": """
from devtools.bench.peers import job
from django.db import connection
from eventbus import reacts_to
from job.events import Counted


@reacts_to(Counted)
def react(event: Counted) -> None:
    with connection.cursor() as cursor:
        job.react(cursor.execute, "{app}", event.number)
""",
    "{app}/celery.py": """
from eventbus.messaging.worker import worker_app

app = worker_app("{app}")
""",
}
RELAY = "relay"
#: Who emits goes first, as in `supervisord.conf`: what waits meanwhile is taken together.
NICE = 10


def setup() -> None:
    """Write the project here, and make its tables."""
    for path, text in PROJECT.items():
        _write(Path(path), text)
    for app in job.APPS:
        for path, text in APP.items():
            _write(Path(path.format(app=app)), text.replace("{app}", app))
    _django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("declare_topology", verbosity=0)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    if path.parent.name:
        (path.parent / "__init__.py").touch()
    path.write_text(text.lstrip(), encoding="utf-8")


def _django() -> None:
    import django

    sys.path.insert(0, os.getcwd())
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    django.setup()


def consume(name: str) -> None:
    """Become the worker of an app, or the relay."""
    relay = ["django", "relay"]
    worker = ["celery", "-A", name, "worker", "-n", f"{name}@%h", "--without-gossip", "-l", "ERROR"]
    command = [sys.executable, "-m", *(relay if name == RELAY else worker)]
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    os.nice(NICE)
    os.execv(sys.executable, command)


def emit(numbers: range) -> None:
    """Emit each event in the transaction that writes it down."""
    _django()
    from job.services import count  # type: ignore[import-not-found]

    for number in numbers:
        count(number)


if __name__ == "__main__":
    job.run(setup, consume, emit)
