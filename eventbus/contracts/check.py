"""The check of all contracts: what the code says today against what was accepted."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any

from eventbus import registry
from eventbus.contracts.changes import Change, Kind, changes
from eventbus.contracts.readers import Readers, readers_of
from eventbus.contracts.schemas import Schema, example, structure
from eventbus.event import Event
from eventbus.exceptions import BusError, InvalidEvent

#: The schemas that were accepted: by type, and by version, of which history has all.
Baseline = dict[str, dict[str, Schema]]


class NoBaseline(BusError):
    """There is no file of accepted contracts, or it is none: `manage.py contracts accept`."""


class NotAcceptable(BusError):
    """A contract is broken: raise the event's version, or take the change back."""


@dataclass(frozen=True)
class Finding:
    """Something that differs from what was accepted.

    `verdict` is `broken`: reactions would fail, or history could not be read; `unread`: gone, but
    nothing here reads it; `passes`: nobody is harmed. `readers` are the reactions that read the
    field, `passing_on` those that store, or give to others, all of what it is in.
    """

    type: str
    version: int
    what: str
    verdict: str
    readers: tuple[str, ...] = ()
    passing_on: tuple[str, ...] = ()


def load(file: File) -> Baseline:
    """Read the accepted contracts. Raises `NoBaseline`."""
    try:
        baseline = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise NoBaseline(f"{file}: {error.strerror}; `contracts accept` writes it") from error
    except ValueError as error:
        raise NoBaseline(f"{file}: {error}") from error
    if not _is_baseline(baseline):
        raise NoBaseline(f"{file}: not a file that `manage.py contracts accept` has written")
    return baseline


def _is_baseline(baseline: Any) -> bool:
    return isinstance(baseline, dict) and all(
        isinstance(versions, dict)
        and versions
        and all(each.isdecimal() and isinstance(versions[each], dict) for each in versions)
        for versions in baseline.values()
    )


def accepted(baseline: Baseline) -> Baseline:
    """Return the baseline with today's contracts; of older versions it keeps what it has.

    Raises `NotAcceptable`, naming each contract that is broken.
    """
    if broken := [each for each in check(baseline) if each.verdict == "broken"]:
        raise NotAcceptable("\n".join(f"{each.type}: {each.what}" for each in broken))
    today = map(registry.event_class, registry.event_types())
    return {
        event.type: {**baseline.get(event.type, {}), str(event.version): _contract(event)}
        for event in today
    }


def _contract(event_class: type[Event]) -> Schema:
    return structure(event_class.json_schema())


def check(baseline: Baseline) -> list[Finding]:
    """Return every difference between the code and the accepted contracts, by type."""
    return [
        finding
        for type in sorted({*baseline, *registry.event_types()})
        for finding in _of_type(type, baseline.get(type, {}))
    ]


def _of_type(type: str, versions: dict[str, Schema]) -> Iterator[Finding]:
    last = max(map(int, versions), default=0)
    if type not in registry.event_types():
        yield Finding(type, last, "the event is removed", "unread")
        return
    event_class = registry.event_class(type)
    if not last:
        yield Finding(type, event_class.version, "a new event", "passes")
    elif event_class.version < last:
        what = f"version {last} was accepted, and the code has {event_class.version}"
        yield Finding(type, last, what, "broken")
    else:
        yield from _of_versions(event_class, versions, last)


def _of_versions(
    event_class: type[Event], versions: dict[str, Schema], last: int
) -> Iterator[Finding]:
    made = changes(versions[str(last)], _contract(event_class))
    judge = _of_one_version if event_class.version == last else _of_a_step
    if event_class.version != last:
        what = f"version {event_class.version} after {last}"
        yield Finding(event_class.type, event_class.version, what, "passes")
    for change in made:
        yield judge(event_class, change)
    for version in versions:
        if int(version) < event_class.version:
            yield from _history(event_class, int(version), versions[version])


def _of_one_version(event_class: type[Event], change: Change) -> Finding:
    """Judge a change while the version is the same."""
    asked = change.is_break and change.kind is not Kind.REQUIRED
    found = readers_of(event_class, change.path) if asked else Readers()
    what, verdict = str(change), "unread" if change.is_break else "passes"
    if any(found):
        verdict = "broken"
    elif not change.is_readable:
        unread = "nothing here reads it, but " if asked else ""
        what, verdict = f"{what}; {unread}what is in history would not fit", "broken"
    return Finding(event_class.type, event_class.version, what, verdict, *found)


def _of_a_step(event_class: type[Event], change: Change) -> Finding:
    """Judge a change that a new version allows: only who still reads what is gone is harmed."""
    gone = change.kind is Kind.REMOVED
    found = readers_of(event_class, change.path).reading if gone else ()
    verdict = "broken" if found else "passes"
    return Finding(event_class.type, event_class.version, str(change), verdict, found)


def _history(event_class: type[Event], version: int, schema: Schema) -> Iterator[Finding]:
    """Try the upcasters on an example of what an older version could say: full, short, blank."""
    for form in ({}, {"minimal": True}, {"blank": True}):
        try:
            event_class.from_data(event_class.todays_data(version, example(schema, **form)))
        except InvalidEvent as error:
            what = f"version {version} cannot be read any more: {error}"
            yield Finding(event_class.type, event_class.version, what, "broken")
            return
