"""`manage.py kafka_inbound`: take in foreign events from topics until it is stopped."""

from typing import Any

from django.apps import apps
from django.core.management.base import CommandError

from eventbus.commands import BaseOperatorCommand
from eventbus.conf import conf
from eventbus.exceptions import StartupError


class Command(BaseOperatorCommand):
    help = (
        "Take foreign systems' events from topics of Kafka, those of EVENTBUS_KAFKA_TOPICS, into "
        "the outbox, each once. Runs until TERM or Ctrl-C; any number share the topics."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not apps.is_installed("eventbus.inbound"):
            raise CommandError("it needs eventbus.inbound in INSTALLED_APPS")
        if not conf.KAFKA_TOPICS:
            raise CommandError("EVENTBUS_KAFKA_TOPICS names no topic")
        # Needs the models of the inbound app.
        from eventbus.bridges.kafka.consumer import ERRORS, topics
        from eventbus.inbound.serving import serve

        try:
            serve("kafka-inbound", topics, ERRORS)
        except StartupError as error:
            raise CommandError(str(error)) from error
