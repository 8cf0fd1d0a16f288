"""`manage.py declare_topology`: the deploy step that makes the broker ready for every app."""

from typing import Any

from django.core.management.base import CommandError

from shop.bus import broker, months, registry, topology
from shop.bus.commands import OperatorCommand
from shop.bus.errors import BrokerUnfit


class Command(OperatorCommand):
    help = (
        "Declare the exchange and every app's queue and bindings on the broker, and make the "
        "tables of the coming months. Safe to repeat."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            months.make_ahead()
            apps = topology.declare()
        except BrokerUnfit as error:
            raise CommandError(str(error)) from error
        except broker.errors() as error:
            raise CommandError(f"the broker is away or refuses: {error}") from error
        for app in apps:
            self.stdout.write(f"{app}: {len(registry.types_wanted_by(app))} event types")
