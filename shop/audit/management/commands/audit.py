"""`manage.py audit`: check that every promise holds."""

import json
from typing import Any

from django.core.management.base import CommandParser

from eventbus.commands import BaseOperatorCommand
from eventbus.delivery.session_limits import limit_sessions
from shop.audit import auditor, rules


class Command(BaseOperatorCommand):
    help = (
        "Check every promise over the tables of all apps: one line per rule with how much "
        "it checked and how often it is broken. Exit status 1 if a rule is broken."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--requested",
            action="store_true",
            help="run the audit requested in the console",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["requested"]:
            limit_sessions("audit")
            auditor.run_requested()
            return
        found = list(rules.audit())
        if options["json"]:
            self.stdout.write(json.dumps(rules.as_json(found), indent=2))
        else:
            self._write_all(found)
        if not all(finding.ok for finding in found):
            raise SystemExit(1)

    def _write_all(self, found: list[rules.Finding]) -> None:
        for finding in found:
            self._write(finding)
        counts = rules.count_reactions()
        self.stdout.write(
            f"reactions expected {counts.expected}: handled {counts.handled}, "
            f"waiting {counts.waiting}, parked {counts.parked}"
        )

    def _write(self, finding: rules.Finding) -> None:
        mark = self.style.SUCCESS("ok  ") if finding.ok else self.style.ERROR("FAIL")
        self.stdout.write(f"{mark} {finding.checked:>8} checked  {finding.rule}")
        for example in finding.examples:
            self.stdout.write(f"{'':14}        {example}")
        if finding.violations > len(finding.examples):
            self.stdout.write(
                f"{'':14}        and {finding.violations - len(finding.examples)} more"
            )
