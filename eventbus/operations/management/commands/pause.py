"""`manage.py pause APP[.REACTION]`: have something react to nothing for now."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from eventbus.commands import (
    MOMENT,
    BaseOperatorCommand,
    add_operator,
    one_line,
    parse_target,
)
from eventbus.delivery import pause
from eventbus.delivery.models import Pause
from eventbus.operations.format_table import format_table

HEADER = ("PAUSED", "SINCE (UTC)", "BY", "REASON")
FACTS = ("app", "reaction", "by", "reason", "since")


class Command(BaseOperatorCommand):
    help = (
        "Have an app, or one reaction of it, react to nothing until `resume`. Its events wait, "
        "no attempt is counted, and it stays paused whatever is restarted. What runs at this "
        "moment ends first. Without a name: show what is paused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "name", nargs="?", type=parse_target, metavar="APP[.REACTION]", help="what to pause"
        )
        parser.add_argument("--reason", type=one_line, help="why, for whoever finds it paused")
        add_operator(parser)
        parser.add_argument("--json", action="store_true", help="print what is paused as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["name"]:
            app, reaction = options["name"]
            self._pause(app, reaction, by=options["by"], reason=options["reason"])
        elif options["reason"]:
            raise CommandError("say what to pause: an app, or app.reaction")
        if options["json"] or not options["name"]:
            self._list(as_json=options["json"])

    def _pause(self, app: str, reaction: str, by: str, reason: str | None) -> None:
        if not reason:
            raise CommandError("--reason is needed: whoever finds it paused will want to know")
        try:
            found = pause.pause(app, reaction, by=by, reason=reason)
        except pause.CannotPause as error:
            raise CommandError(str(error)) from error
        self.stderr.write(f"{found.name} is paused; `manage.py resume {found.name}` ends it")

    def _list(self, as_json: bool) -> None:
        pauses = Pause.objects.order_by("app", "reaction")
        if as_json:
            found = list(pauses.values(*FACTS))
            self.write_json(found)
        elif not pauses:
            self.stdout.write("Nothing is paused.")
        else:
            rows = [(p.name, f"{p.since:{MOMENT}}", p.by, p.reason) for p in pauses]
            self.stdout.write("\n".join(format_table([HEADER, *rows])))
