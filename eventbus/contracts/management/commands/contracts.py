"""`manage.py contracts`: whether events keep what they promised."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from eventbus.commands import BaseOperatorCommand
from eventbus.contracts.check import Finding, NotAcceptable, accepted, check, load
from eventbus.exceptions import BusError

BASELINE = Path("contracts.json")


class Command(BaseOperatorCommand):
    help = (
        "Compare the events of the code with the contracts that were accepted. `check` exits with "
        "1 where a change breaks one, and names the reactions that read the field. `accept` "
        "writes down what the events are today, unless that breaks what somebody reads."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        for name, does in (("check", "find what differs"), ("accept", "accept today's contracts")):
            action = actions.add_parser(name, help=does)
            action.add_argument(
                "--file", type=Path, default=BASELINE, help="the accepted contracts (%(default)s)"
            )
            if name == "check":
                action.add_argument("--json", action="store_true", help="print findings as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["action"] == "check":
                self._check(options["file"], options["json"])
            else:
                self._accept(options["file"])
        except BusError as error:
            raise CommandError(str(error)) from error

    def _check(self, file: Path, as_json: bool) -> None:
        findings = check(load(file))
        if as_json:
            self.write_json([asdict(each) for each in findings])
        else:
            for each in findings:
                self.stdout.write(_told(each))
        counts = {verdict: _count(findings, verdict) for verdict in ("broken", "unread", "passes")}
        if counts["broken"] or counts["unread"]:
            raise CommandError(_advice(counts))
        if not as_json:
            self.stdout.write(_summary(counts["passes"]))

    def _accept(self, file: Path) -> None:
        try:
            baseline = load(file) if file.exists() else {}
            contracts = accepted(baseline)
        except NotAcceptable as error:
            raise CommandError(f"nothing is accepted:\n{error}") from error
        text = json.dumps(contracts, indent=1, sort_keys=True, ensure_ascii=False)
        try:
            file.write_text(f"{text}\n", encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(f"{file}: what is promised by {_counted(len(contracts), 'event')}")


def _told(finding: Finding) -> str:
    told = f"{finding.verdict:<8}{finding.type} {finding.version}: {finding.what}"
    if finding.verdict == "unread":
        told += "\n        nothing here reads it"
    if finding.readers:
        told += f"\n        read by {', '.join(finding.readers)}"
    if finding.passing_on:
        told += f"\n        passed on with all around it by {', '.join(finding.passing_on)}"
    return told


def _count(findings: list[Finding], verdict: str) -> int:
    return sum(each.verdict == verdict for each in findings)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _advice(counts: dict[str, int]) -> str:
    advice = []
    if counts["broken"]:
        advice.append(
            f"{counts['broken']} broken: raise the event's version and add an upcaster, or take "
            "the change back"
        )
    if counts["unread"]:
        advice.append(
            f"{counts['unread']} gone that nothing here reads: if nobody elsewhere does, accept it "
            "with `manage.py contracts accept`"
        )
    return "; ".join(advice)


def _summary(passing: int) -> str:
    if passing:
        changes = _counted(passing, "change")
        return f"Every contract is kept; `manage.py contracts accept` adds the {changes}."
    return "Every contract is kept."
