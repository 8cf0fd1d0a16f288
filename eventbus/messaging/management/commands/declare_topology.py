"""`manage.py declare_topology`: the deploy step that makes the broker ready for every app."""

from typing import Any

from django.core.management.base import CommandError

from eventbus import registry
from eventbus.commands import BaseOperatorCommand
from eventbus.exceptions import BrokerMisconfigured
from eventbus.messaging import broker, topology
from eventbus.signals import database_ready


class Command(BaseOperatorCommand):
    help = (
        "Declare the exchange and every app's queue and bindings on the broker, and make the "
        "tables of the coming months. Safe to repeat."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            database_ready.send(sender=None)
            apps = topology.declare()
        except BrokerMisconfigured as error:
            raise CommandError(str(error)) from error
        except broker.errors() as error:
            raise CommandError(f"the broker is away or refuses: {error}") from error
        for app in apps:
            self.stdout.write(f"{app}: {len(registry.types_wanted_by(app))} event types")
