"""`manage.py docs`: the generated parts of documents and deployment."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from devtools.docs.writer import WrongMarker, stale_documents, stale_pages
from eventbus.commands import BaseOperatorCommand


class Command(BaseOperatorCommand):
    help = (
        "Rewrite the parts of README.md, docs/, compose.yaml and deploy/ that are made from the "
        "code: the map and the catalogue of events, the settings, the commands, the apps' workers; "
        "and the reference of the bus."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit code 1 if a part is stale"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            stale = [*stale_documents(), *stale_pages()]
        except WrongMarker as error:
            raise CommandError(str(error)) from error
        names = ", ".join(map(str, stale))
        if stale and options["check"]:
            raise CommandError(f"stale: {names}; run `python manage.py docs`")
        for document in stale:
            document.rewrite()
        self.stdout.write(f"rewritten: {names}" if stale else "all documents are fresh")
