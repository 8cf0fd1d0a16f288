"""What there is to know of one event, and of one app: from its code, and of what goes on."""

import json
import sys
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from inspect import getdoc
from typing import Any
from uuid import UUID

from django.apps import apps

from eventbus import registry
from eventbus.conf import conf
from eventbus.console.flower import tasks_url
from eventbus.console.map.choreography import Arrow, MapEvent, choreography, rate
from eventbus.console.map.follow import Followed, follow
from eventbus.console.map.location import Location, location
from eventbus.contracts.schemas import NoExample, example_of
from eventbus.delivery import pause
from eventbus.delivery.models import OutboxEvent
from eventbus.operations import metrics
from eventbus.operations.event_catalog import Field, fields_of, first_paragraph
from eventbus.operations.metrics import Backlog
from eventbus.operations.worker_status import Worker, workers
from eventbus.registry import Reaction


@dataclass(frozen=True)
class Emitter:
    """A reaction or a service that may emit an event."""

    name: str
    doc: str
    location: Location | None
    #: whether an event makes it run, and no person and no clock
    is_reaction: bool


@dataclass(frozen=True)
class Reacting:
    """A reaction, what is promised of it, and what goes on, by each event it is shown for."""

    name: str
    app: str
    reaction: str
    doc: str
    location: Location | None
    promises: tuple[str, ...]
    is_paused: bool
    arrows: tuple[Arrow, ...]

    @property
    def rate(self) -> str:
        return rate(sum(arrow.per_minute for arrow in self.arrows))

    @property
    def last(self) -> datetime | None:
        return max((arrow.last for arrow in self.arrows if arrow.last), default=None)

    @property
    def emits(self) -> tuple[str, ...]:
        return self.arrows[0].emits

    @property
    def failed_or_parked(self) -> int:
        return sum(arrow.failed_or_parked for arrow in self.arrows)

    @property
    def oldest(self) -> datetime | None:
        return min((arrow.oldest for arrow in self.arrows if arrow.oldest), default=None)


@dataclass(frozen=True)
class EventDetails:
    """An event: as it is written, and as it comes."""

    type: str
    kind: str
    version: int
    app: str
    doc: str
    location: Location | None
    foreign_source: str
    compensated_by: str
    fields: tuple[Field, ...]
    schema: str
    example: str
    emitters: tuple[Emitter, ...]
    reacting: tuple[Reacting, ...]
    followed: Followed
    rate: str
    last_id: UUID | None
    last: datetime | None
    #: the tasks that carry it, in Flower
    flower_url: str
    max_attempts: int


@dataclass(frozen=True)
class AppDetails:
    """An app: what it says of itself, what it emits and reacts to, and whether it works."""

    name: str
    doc: str
    events: list[MapEvent]
    reacting: tuple[Reacting, ...]
    backlog: Backlog | None
    workers: list[Worker]
    #: the tasks of its workers, in Flower
    flower_url: str
    max_attempts: int


def event_details(type: str) -> EventDetails:
    """Return what there is to know of an event. Raises `UnknownEventType`."""
    registry.load_services()
    event_class = registry.event_class(type)
    found = choreography(event_class.app)
    arrows = [arrow for arrow in found.arrows if arrow.event_type == type]
    newest = OutboxEvent.objects.filter(type=type).order_by("-occurred_at")
    last_id, last = newest.values_list("id", "occurred_at").first() or (None, None)
    schema, example = _form(type)
    return EventDetails(
        type=type,
        kind=event_class.event_kind,
        version=event_class.version,
        app=event_class.app,
        doc=getdoc(event_class) or "",
        location=location(event_class),
        foreign_source=event_class.foreign_source,
        compensated_by=event_class.compensated_by,
        fields=fields_of(event_class),
        schema=schema,
        example=example,
        emitters=tuple(map(_emitter, registry.declaring_to_emit(event_class))),
        reacting=_reacting(arrows),
        followed=follow(type),
        rate=rate(found.emitted_per_minute.get(type, 0.0)),
        last_id=last_id,
        last=last,
        flower_url=tasks_url(type),
        max_attempts=conf.MAX_ATTEMPTS,
    )


def app_details(app: str) -> AppDetails:
    """Return what there is to know of an app that emits or reacts."""
    found = choreography(app)
    backlogs = {backlog.app: backlog for backlog in metrics.backlogs()}
    return AppDetails(
        name=app,
        doc=_promise(app),
        events=dict(found.by_app).get(app, []),
        reacting=_reacting([arrow for arrow in found.arrows if arrow.app == app]),
        backlog=backlogs.get(app),
        workers=[worker for worker in workers() if worker.seen.app == app],
        flower_url=tasks_url(app=app),
        max_attempts=conf.MAX_ATTEMPTS,
    )


@cache
def _form(type: str) -> tuple[str, str]:
    """Return the JSON Schema of an event and an example, or why there is none."""
    event_class = registry.event_class(type)
    try:
        example = _json(example_of(event_class).to_data())
    except NoExample as error:
        example = str(error)
    return _json(event_class.json_schema()), example


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _emitter(declares: Reaction | registry.Service) -> Emitter:
    return Emitter(
        f"{declares.app}.{declares.name}",
        first_paragraph(declares.doc),
        location(declares.function),
        isinstance(declares, Reaction),
    )


def _reacting(arrows: list[Arrow]) -> tuple[Reacting, ...]:
    """Return each reaction once, by app and name, with all of its arrows that are given."""
    by_name: dict[tuple[str, str], list[Arrow]] = {}
    for arrow in arrows:
        by_name.setdefault((arrow.app, arrow.reaction), []).append(arrow)
    paused = pause.everything_paused()
    return tuple(
        _one_reacting(found, bool(paused & {(app, ""), (app, name)}))
        for (app, name), found in sorted(by_name.items())
    )


def _one_reacting(arrows: list[Arrow], is_paused: bool) -> Reacting:
    first = arrows[0]
    known = registry.reactions_to(first.event_type, first.app)
    reaction = next(each for each in known if each.name == first.reaction)
    return Reacting(
        name=f"{first.app}.{first.reaction}",
        app=first.app,
        reaction=first.reaction,
        doc=first_paragraph(reaction.doc),
        location=location(reaction.function),
        promises=tuple(_promises(reaction)),
        is_paused=is_paused,
        arrows=tuple(arrows),
    )


def _promises(reaction: Reaction) -> list[str]:
    """Return in words what the bus does for a reaction, beyond what it does for each."""
    overdue = (reaction.overdue_after or conf.REACTION_OVERDUE).total_seconds()
    said = {
        f"overdue after {overdue:g} s": True,
        "takes all that wait together": reaction.takes_many,
        "calls the outside world, in no transaction": reaction.is_external,
        "not run when history is fed to its app": reaction.is_muted,
        "not run when its app's tables are rebuilt": reaction.is_skipped,
    }
    return [words for words, holds in said.items() if holds]


def _promise(app: str) -> str:
    """Return the docstring of an app's package."""
    names = [config.name for config in apps.get_app_configs() if registry.owner(config.name) == app]
    module = app if app in sys.modules else next(iter(names), "")
    return getdoc(sys.modules[module]) or "" if module in sys.modules else ""
