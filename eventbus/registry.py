"""The registry of events and reactions, filled by importing the apps."""

import inspect
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar, cast
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.utils.module_loading import module_has_submodule

from eventbus.context import current_reaction, declaring
from eventbus.exceptions import InvalidDefinition, NewerVersion, UnknownEventType

if TYPE_CHECKING:
    from django.db.models import Model

    from eventbus.event import Event

#: In which the bus has apps of its own, as a project has them at its top.
BRIDGES = "eventbus.bridges."

Function = TypeVar("Function", bound=Callable[..., Any])
Table = TypeVar("Table", bound="type[Model]")
Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Call = Callable[[], Any]
#: What a reaction that touches the outside world is: it yields calls, and is sent their answers.
#: One that takes many yields and is sent them by the event's id.
ExternalCalls = Generator[Call | Mapping[UUID, Call], Any, None]


@dataclass(frozen=True)
class Reaction:
    """One app's answer to an event. `outside` ones yield calls to the outside world."""

    app: str
    name: str
    function: Callable[..., Any]
    is_external: bool
    #: How long an event may wait for it; None: as long as `REACTION_OVERDUE` says.
    overdue_after: timedelta | None = None
    #: What it may emit; anything else is refused.
    emits: frozenset[type["Event"]] = frozenset()
    #: It is called with a list of events, of one or of many.
    takes_many: bool = False
    #: Where history is fed to the app, it is closed without having run.
    is_muted: bool = False
    #: What it writes is no projection: a rebuild does not run it again.
    is_skipped: bool = False

    def run(self, *events: "Event") -> Any:
        """Call the function with these events: only one that takes many is given several.

        For one event the calls of a generator come one by one, also where it takes many.
        """
        if not self.takes_many:
            return self.function(*events)
        made = self.function(list(events))
        return _one_by_one(made) if self.is_external and len(events) == 1 else made

    @property
    def doc(self) -> str:
        return inspect.getdoc(self.function) or ""

    @property
    def emitted_types(self) -> list[str]:
        """Return the types it may emit, by their names on the wire, sorted."""
        return sorted(event_class.type for event_class in self.emits)


@dataclass(frozen=True)
class Service:
    """A function that emits without an event as its cause: a person or the clock calls it."""

    app: str
    name: str
    emits: frozenset[type["Event"]]
    function: Callable[..., Any]

    @property
    def doc(self) -> str:
        return inspect.getdoc(self.function) or ""


def owner(module: str) -> str:
    """Return the app that a module is of: its folder at the project's top, or among the bridges."""
    return module.removeprefix(BRIDGES).partition(".")[0]


@dataclass(frozen=True)
class Projection:
    """A model whose rows are made from events alone, or by `filled_by` from other tables."""

    model: type["Model"]
    filled_by: Call | None = None


_events: dict[str, type["Event"]] = {}
_abstract_events: dict[str, type["Event"]] = {}
_foreign: dict[str, type["Event"]] = {}
_projections: dict[str, list[Projection]] = {}
_services: dict[tuple[str, str], Service] = {}
_reactions: dict[type["Event"], list[Reaction]] = {}
_receivers: list[Callable[..., Any]] = []


def add_event(event_class: type["Event"]) -> None:
    """Make an event class known; every event's receivers listen to its signal.

    No event is of an abstract class, which is kept apart. Raises `InvalidDefinition` for a foreign
    type that another class is made of.
    """
    if event_class.abstract:
        _abstract_events[event_class.type] = event_class
        return
    if event_class.foreign_type:
        _add_foreign(event_class)
    _events[event_class.type] = event_class
    wanted.cache_clear()
    for receiver in _receivers:
        event_class.signal.connect(receiver)


def _add_foreign(event_class: type["Event"]) -> None:
    known = _foreign.setdefault(event_class.foreign_type, event_class)
    if known.type != event_class.type:
        raise InvalidDefinition(f"{event_class.type}: {known.type} is its foreign type already")
    _foreign[event_class.foreign_type] = event_class


def on_every_event(receiver: Callable[..., Any]) -> None:
    """Connect `receiver` to the signal of every event class, present and future."""
    _receivers.append(receiver)
    for event_class in _events.values():
        event_class.signal.connect(receiver)


def reacts_to(
    *event_classes: type["Event"],
    emits: Iterable[type["Event"]] = (),
    overdue_after: float | None = None,
    many: bool = False,
    backfill: Literal["run", "mute"] = "run",
    rebuild: Literal["run", "skip"] = "run",
) -> Callable[[Function], Function]:
    """Declare a function as its app's reaction to these events.

    The function takes the event and runs inside the transaction that closes
    its delivery. A function that touches the outside world is a generator: it
    yields a callable, what came before is committed, the callable is called
    outside any transaction, and its answer is sent back into the generator.
    `reacts_to(Event)` reacts to every event, but to no deadline or task. What it may emit stands
    in `emits`: anything else is refused with `UndeclaredEvent`. An event that has waited longer
    than `overdue_after` seconds for it is overdue, see `eventbus.operations.overdue`.

    With `many` the function takes a list, of one event or of all that wait together, in their
    order, of whichever of its types. Such a function says which of them is the cause of what it
    emits, `with because_of(event)`. As a generator it yields a dictionary of calls by the event's
    id, and is sent one of the answers that came: an event whose call failed, or for whose call
    there was no time, is not in it any more.

    A backfill, which feeds an app the past, closes its deliveries as `muted` and does not run it
    where it says `backfill="mute"`: no mail goes out about an order of last year. A rebuild of its
    app's projections leaves out what is muted, and with `rebuild="skip"` what writes no projection.

    Raises `InvalidDefinition` for a name that is taken, for the deadline or task of another app,
    and where another app's event is to be emitted.
    """

    def declare(function: Function) -> Function:
        reaction = Reaction(
            app=owner(function.__module__),
            name=function.__name__,
            function=function,
            is_external=inspect.isgeneratorfunction(function),
            overdue_after=None if overdue_after is None else timedelta(seconds=overdue_after),
            emits=frozenset(emits),
            takes_many=many,
            is_muted=backfill == "mute",
            is_skipped=rebuild == "skip",
        )
        _check_own(reaction)
        for event_class in event_classes:
            if event_class.event_kind != "event" and event_class.app != reaction.app:
                raise InvalidDefinition(
                    f"{reaction.app}.{reaction.name}: to the {event_class.event_kind}"
                    f" {event_class.__name__} only its own app reacts"
                )
            known = _reactions.setdefault(event_class, [])
            if any((r.app, r.name) == (reaction.app, reaction.name) for r in known):
                raise InvalidDefinition(f"{reaction.app}.{reaction.name} is declared twice")
            known.append(reaction)
            wanted.cache_clear()
        return function

    return declare


def emits(
    *event_classes: type["Event"],
) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """Declare what a function emits that a person, a command or the clock starts.

    Called by a reaction it declares nothing: what a reaction may emit stands above the reaction.
    Raises `InvalidDefinition` for another app's event, or for a generator, which would run after it
    was called.
    """
    declared = frozenset(event_classes)

    def declare(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
        if inspect.isgeneratorfunction(inspect.unwrap(function)):
            raise InvalidDefinition(f"{function.__qualname__}: a generator cannot declare events")
        app, name = owner(function.__module__), function.__qualname__
        _check_own(declares := Service(app, name, declared, function))
        _services[function.__module__, name] = declares

        @wraps(function)
        def service(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
            if current_reaction():
                return function(*args, **kwargs)
            with declaring(declared):
                return function(*args, **kwargs)

        return service

    return declare


def projection(model: Table, *, filled_by: Call | None = None) -> Table:
    """Declare a model whose rows its app's reactions make of events alone: it can be rebuilt.

    `manage.py rebuild APP` makes its rows anew from history. So what they hold must follow from the
    events: a time from `event.occurred_at`, and not from a clock. As a decorator::

        @projection
        class Account(models.Model): ...

    `filled_by` is for a table that is made from others and not by reactions: a function that fills
    it while it is empty and all others are rebuilt.
    """
    app = owner(model.__module__)
    _projections.setdefault(app, []).append(Projection(model, filled_by))
    return model


def projections(app: str) -> list[Projection]:
    """Return an app's projections, in the order in which they were declared."""
    return list(_projections.get(app, ()))


def _check_own(declares: Reaction | Service) -> None:
    who = f"{declares.app}.{declares.name}"
    for event_class in declares.emits:
        if event_class.abstract:
            raise InvalidDefinition(f"{who}: {event_class.type} is abstract; emit a subclass of it")
        if event_class.foreign_source:
            raise InvalidDefinition(
                f"{who}: only {event_class.foreign_source} states {event_class.type}"
            )
        if event_class.app != declares.app:
            raise InvalidDefinition(f"{who}: only its own app emits {event_class.type}")


def _one_by_one(steps: ExternalCalls) -> ExternalCalls:
    """Yield the calls of a reaction that takes many and was given one event."""
    answers = None
    while True:
        try:
            calls = cast("Mapping[UUID, Call]", steps.send(answers))
        except StopIteration:
            return
        answers = {}
        for id, call in calls.items():
            answers[id] = yield call


def autodiscover() -> None:
    """Import the `events` and `reactions` modules of every installed app."""
    for module in ("events", "reactions"):
        for config in apps.get_app_configs():
            if module_has_submodule(config.module, module):
                import_module(f"{config.name}.{module}")


def load_services() -> None:
    """Import what declares `emits`: each app's `services`, and all that has a page.

    What the clock starts is imported by the apps themselves.
    """
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "services"):
            import_module(f"{config.name}.services")
    if urls := getattr(settings, "ROOT_URLCONF", None):
        import_module(urls)


def app_label(type: str) -> str:
    """Return the app that emits events of this type."""
    return type.partition(".")[0]


def event_types() -> list[str]:
    """Return the names on the wire of all known events, sorted."""
    return sorted(_events)


def abstract_events() -> list[type["Event"]]:
    """Return the abstract classes, of which any app may emit a subclass of its own, by name."""
    return [event_class for _, event_class in sorted(_abstract_events.items())]


def event_class(type: str, version: int = 1) -> type["Event"]:
    """Return the class behind a name on the wire.

    Raises `UnknownEventType`, or `NewerVersion` when `version` is above ours.
    """
    if type not in _events:
        raise UnknownEventType(f"unknown event type {type}")
    found = _events[type]
    if version > found.version:
        raise NewerVersion(f"{type} has version {version}, this code knows {found.version}")
    return found


def foreign_class(foreign_type: str) -> type["Event"]:
    """Return the class that is made of CloudEvents of a type. Raises `UnknownEventType`."""
    if foreign_type not in _foreign:
        raise UnknownEventType(f"no event is declared foreign with the type {foreign_type}")
    return _foreign[foreign_type]


def foreign_events() -> list[type["Event"]]:
    """Return the classes of events that foreign systems state, by their names on the wire."""
    return sorted(_foreign.values(), key=lambda event_class: event_class.type)


def version_today(type: str, version: int) -> int:
    """Return the version whose form this code reads an event in: its own, if it knows the type."""
    return _events[type].version if type in _events else version


def reactions_to(type: str, app: str = "") -> list[Reaction]:
    """Return the reactions to an event, of one app or of all, by app and name."""
    event_class = _events.get(type) or _abstract_events.get(type)
    found = {
        (reaction.app, reaction.name): reaction
        for base in (_bases(event_class) if event_class else ())
        for reaction in _reactions.get(base, ())
        if not app or reaction.app == app
    }
    return [reaction for _, reaction in sorted(found.items())]


def _bases(event_class: type["Event"]) -> Iterator[type["Event"]]:
    """Yield the classes whose reactions react to it; `Event` itself means facts alone."""
    for base in event_class.__mro__:
        if event_class.event_kind == "event" or getattr(base, "app", None):
            yield base


def kind_of(type: str) -> str:
    """Return what a name on the wire means: `event`, `deadline` or `task`."""
    return _events[type].event_kind if type in _events else "event"


def label(type: str) -> str:
    """Return the name on the wire, with its kind where it is no fact."""
    kind = kind_of(type)
    return type if kind == "event" else f"{type} ({kind})"


def short_name(type: str) -> str:
    """Return the same without its app."""
    return label(type).partition(".")[2]


def apps_with_reactions() -> list[str]:
    """Return the apps that react to anything: one queue and one worker each."""
    return sorted({r.app for reactions in _reactions.values() for r in reactions})


def types_wanted_by(app: str) -> list[str]:
    """Return the event types an app's queue takes from the exchange."""
    return [type for type in event_types() if reactions_to(type, app)]


def all_reactions() -> Iterator[tuple[str, Reaction]]:
    """Yield every (event type, reaction), in order of type, app and name."""
    for type in event_types():
        for reaction in reactions_to(type):
            yield type, reaction


@cache
def wanted() -> list[tuple[str, Reaction]]:
    """Return what `all_reactions` yields, kept for the relay, which asks with each batch."""
    return list(all_reactions())


def is_waited_for(app: str) -> bool:
    """Return whether reactions of other apps emit anything because of what this one's emit."""
    emitted = {event.type for _, each in all_reactions() if each.app == app for event in each.emits}
    return any(
        reaction.app != app and reaction.emits
        for type in emitted
        for reaction in reactions_to(type)
    )


def services() -> list[Service]:
    """Return every imported function that declares `emits`, by app and name."""
    return sorted(_services.values(), key=lambda service: (service.app, service.name))


def subtypes_of(event_class: type["Event"]) -> list[str]:
    """Return the types of events that are one of this abstract class, sorted."""
    return [type for type in event_types() if issubclass(_events[type], event_class)]


def emitters_of(event_class: type["Event"]) -> list[str]:
    """Return the names of the reactions and services that declare an event, sorted.

    Of a foreign event, its source.
    """
    if event_class.foreign_source:
        return [event_class.foreign_source]
    return sorted({f"{each.app}.{each.name}" for each in declaring_to_emit(event_class)})


def declaring_to_emit(event_class: type["Event"]) -> list[Reaction | Service]:
    """Return the reactions and services that declare an event, by app and name."""
    reactions = [reaction for known in _reactions.values() for reaction in known]
    everybody: list[Reaction | Service] = [*reactions, *services()]
    found = {(each.app, each.name): each for each in everybody if event_class in each.emits}
    return [each for _, each in sorted(found.items())]
