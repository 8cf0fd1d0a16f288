"""`manage.py startapp_reacting NAME`: a new app with a queue and a worker of its own."""

import re
import sys
from argparse import ArgumentParser
from keyword import iskeyword
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.base import CommandError
from django.core.management.templates import TemplateCommand

from eventbus.commands import BaseOperatorCommand
from eventbus.delivery.models import Delivery

TEMPLATE = Path(__file__).parents[2] / "app_template"
BRIDGES = Path(__file__).parents[3] / "bridges"
MOST_LETTERS = Delivery._meta.get_field("app").max_length or 0
#: Names of the processes that run beside the workers.
PROCESSES = {"celery", "flower", "relay", "web"}

NEXT = """\
{name}/ is there, and works: it reacts to an event of its own, until you write what it is for.

  events.py     what it tells others
  reactions.py  what it does about events, its own and those of other apps
  services.py   what people start
  tests.py      its rules
  celery.py     its worker: celery -A {name} worker

Unless your settings find apps by themselves, put "{name}" into INSTALLED_APPS. A relay that is
started again makes its queue.
"""


class Command(BaseOperatorCommand, TemplateCommand):
    help = (
        "Make a folder here with a new app that reacts to events: its events, reactions, worker "
        "and tests. It works as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="of the app: of its folder, its queue and its worker")

    def handle(self, *, name: str, **options: Any) -> None:  # type: ignore[override]
        """Raise `CommandError` where the name does not do, with nothing written."""
        defaults = {"template": str(TEMPLATE), "extensions": ["py"], "files": []}
        super().handle("app", name, None, **options | defaults)
        self.stdout.write(NEXT.format(name=name))

    def validate_name(self, name: str, name_or_dir: str = "name") -> None:
        if fault := _fault(name):
            raise CommandError(f"{name!r} {fault}; choose another name")
        super().validate_name(name, name_or_dir)


def _fault(name: str) -> str:
    """Return what keeps an app from having this name, to be read after it; empty if nothing does.

    That a module or a folder has it is for Django to say.
    """
    if not re.fullmatch("[a-z][a-z0-9_]*", name):
        return "is not made of small letters, digits and _, with a letter first"
    if len(name) > MOST_LETTERS:
        return f"has more than {MOST_LETTERS} letters"
    if name in PROCESSES:
        return "is what another process is called"
    if name in {config.label for config in apps.get_app_configs()}:
        return "is the name of an app that is there"
    if iskeyword(name) or name in sys.stdlib_module_names:
        return "is a name of Python's own"
    if name in sys.modules:
        return "is the name of a package that is in use"
    if (BRIDGES / name).is_dir():
        return "is the name of a bridge of the bus"
    return ""
