"""`manage.py inbound`: take in foreign events until it is stopped."""

from typing import Any

from django.core.management.base import CommandError

from eventbus.commands import BaseOperatorCommand
from eventbus.exceptions import StartupError
from eventbus.inbound.serving import serve


class Command(BaseOperatorCommand):
    help = (
        "Take foreign systems' events from the inbound queue into the outbox, each once. "
        "Runs until TERM or Ctrl-C; any number may run side by side."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            serve()
        except StartupError as error:
            raise CommandError(str(error)) from error
