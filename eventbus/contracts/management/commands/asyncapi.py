"""`manage.py asyncapi`: the events as an AsyncAPI 3 document."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from eventbus.commands import BaseOperatorCommand
from eventbus.contracts.asyncapi import asyncapi
from eventbus.exceptions import BusError


class Command(BaseOperatorCommand):
    help = (
        "Show which events each app publishes and which reactions receive them. `--json` prints "
        "all of it, with schemas and examples, as an AsyncAPI 3 document."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the document")
        parser.add_argument("--output", type=Path, metavar="FILE", help="write it to a file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            document = asyncapi()
        except BusError as error:
            raise CommandError(str(error)) from error
        text = json.dumps(document, indent=2, ensure_ascii=False)
        if options["output"]:
            self._write(options["output"], f"{text}\n")
        if options["json"]:
            self.stdout.write(text)
        else:
            self.stdout.write(_summary(document))

    def _write(self, file: Path, text: str) -> None:
        try:
            file.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error


def _summary(document: dict[str, Any]) -> str:
    actions = Counter(each["action"] for each in document["operations"].values())
    return (
        f"AsyncAPI {document['asyncapi']}, {document['info']['title']}: "
        f"{len(document['components']['messages'])} events, {len(document['channels'])} channels, "
        f"{actions['send']} published, {actions['receive']} reactions"
    )
