"""`manage.py story ORDER`: why it is not done, who reacted to what, when, and how long."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError, CommandParser

from eventbus.commands import BaseOperatorCommand
from eventbus.console.render_tree import render_tree
from eventbus.console.story import UnknownStory, story
from eventbus.console.usual_story import compare
from eventbus.console.why_not_done import standing


class Command(BaseOperatorCommand):
    help = (
        "Tell the story of one order. First whether it is done, or what it waits for, since when "
        "and what releases it. Then a tree: every event, who reacted to it, how long each reaction "
        "waited and worked, what it emitted in turn, what failed, and what took longer than usual. "
        "Exit code 1 if there is no such order."
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
        compare(found)
        if options["json"]:
            self.write_json({"standing": standing(found).as_json(), **asdict(found)})
        else:
            self.stdout.write(standing(found).sentence)
            self.stdout.write("\n".join(render_tree(found, self.style)))
