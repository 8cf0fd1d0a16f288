"""`manage.py rabbitmq_policies`: what an operator gives RabbitMQ once."""

from typing import Any

from eventbus.commands import BaseOperatorCommand
from eventbus.messaging.policies import rabbitmq_policies


class Command(BaseOperatorCommand):
    help = (
        "Print the policies that RabbitMQ needs for the bus's queues, as JSON: write them to a "
        "file and give it to `rabbitmqctl import_definitions`. They are for the virtual host /."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.write_json(rabbitmq_policies())
