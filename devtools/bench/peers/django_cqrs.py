"""django-cqrs over kombu: a master model, and in each app a replica of it."""

from typing import Any

import django
from django.apps import apps

from devtools.bench.peers import job
from devtools.bench.peers.django_settings import configure


def _models(queue: str = "") -> tuple[Any, Any]:
    """Set Django up and return the master and the replica of one app."""
    configure(
        INSTALLED_APPS=["dj_cqrs"],
        CQRS={
            "transport": "dj_cqrs.transport.kombu.KombuTransport",
            "url": job.BROKER,
            "queue": queue or "master",
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()
    from dj_cqrs.mixins import MasterMixin, ReplicaMixin
    from django.db import connection, models

    class Counted(MasterMixin, models.Model):  # noqa: DJ008 nobody reads it
        CQRS_ID = "counted"
        id = models.IntegerField(primary_key=True)

        class Meta:
            app_label = "master"

    class Replica(ReplicaMixin, models.Model):  # noqa: DJ008 nobody reads it
        CQRS_ID = "counted"
        id = models.IntegerField(primary_key=True)

        class Meta:
            app_label = queue or "replica"

        @classmethod
        def cqrs_create(cls, sync: bool, mapped_data: dict, **kwargs: Any) -> Any:
            """Write the row of one app beside the replica, in the same transaction."""
            made = super().cqrs_create(sync, mapped_data, **kwargs)
            with connection.cursor() as cursor:
                job.react(cursor.execute, queue, mapped_data["id"])
            return made

    # Once more, now that it has models: it gives their settings defaults.
    apps.get_app_config("dj_cqrs").ready()
    return Counted, Replica


def setup() -> None:
    """Make the tables, and the queues: who joins later gets only what comes later."""
    master, replica = _models()
    from dj_cqrs.transport.kombu import _KombuConsumer
    from django.db import connection

    with connection.schema_editor() as editor:
        editor.create_model(master)
        for name in job.APPS:
            replica._meta.db_table = f"{name}_replica"
            editor.create_model(replica)
    for name in job.APPS:
        _KombuConsumer(job.BROKER, "cqrs", name, 10, None)


def consume(name: str) -> None:
    """Keep the replica of an app."""
    _models(name)
    from dj_cqrs.transport import current_transport
    from kombu.transport.redis import Channel

    # What a killed consumer has fetched comes again after this; kombu's own hour is too long here.
    Channel.visibility_timeout = job.TAKE_UP_AFTER
    current_transport.consume()


def emit(numbers: range) -> None:
    """Save a master for each event, which sends it when the transaction is committed."""
    master, _ = _models()
    from django.db import connection, transaction

    for number in numbers:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(job.EMITTED, [number])
            master.objects.create(id=number)


if __name__ == "__main__":
    job.run(setup, consume, emit)
