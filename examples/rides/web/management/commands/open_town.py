"""`manage.py open_town`: everything that must be there before the first ride."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from matching.fleet import put_on_the_road

#: Who may look at the console and the admin of a town that only this machine can see.
OPERATOR = "operator"


class Command(BaseCommand):
    help = "Bring the database up to date, declare the queues, put cars on the road."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cars", type=int, default=18, help="at most 22; default 18")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        call_command("declare_topology")
        users = get_user_model()
        if not users.objects.filter(username=OPERATOR).exists():
            users.objects.create_superuser(OPERATOR, password=OPERATOR)
        put_on_the_road(options["cars"])
