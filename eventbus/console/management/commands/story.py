"""`manage.py story ORDER`: who reacted to what, when, how long, and what it caused."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError, CommandParser

from eventbus.commands import BaseOperatorCommand
from eventbus.console.render_tree import render_tree
from eventbus.console.story import UnknownStory, story


class Command(BaseOperatorCommand):
    help = (
        "Tell the story of one order as a tree: every event, who reacted to it, how long each "
        "reaction waited and worked, what it emitted in turn, what failed. Exit code 1 if there "
        "is no such order."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "order", help="the order's number or id, or the id of an event or a correlation"
        )
        parser.add_argument("--json", action="store_true", help="print the tree as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = story(options["order"])
        except UnknownStory as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.write_json(asdict(found))
        else:
            self.stdout.write("\n".join(render_tree(found, self.style)))
