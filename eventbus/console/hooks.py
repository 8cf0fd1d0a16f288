"""Hooks by which a project adds to the console, from the `ready` of one of its apps."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any, Protocol

from django.utils.functional import Promise

from eventbus.delivery.models import OutboxEvent
from eventbus.operations import metrics


@dataclass(frozen=True)
class Named:
    """Something that a story is about: its subject, and the number people call it by."""

    number: str
    subject: str
    at: datetime


class Lookup(Protocol):
    """Finds stories by what people have in hand. What is not known gives nothing, no error."""

    #: what a story is about, as in "order 100001"
    noun: str
    #: types of the events that end a story, the usual end first, if it is known
    ends: Sequence[str]
    #: by the type of an event that a person answers: who does what, as in "staff to release it"
    answers: Mapping[str, str]

    def subject_of(self, number: str) -> str | None:
        """Return the subject of the story with this number."""

    def number_in(self, rows: Iterable[OutboxEvent], subject: str) -> str | None:
        """Return the number of a subject, from the events of its story."""

    def subject_behind(self, row: OutboxEvent) -> str:
        """Return the subject of the story that an event belongs to."""

    def page_of(self, subject: str, user: Any) -> str | None:
        """Return the address of the subject's own page, if this user may see one."""

    def of_person(self, id: str) -> list[Named]:
        """Return what a customer, by id, has a part in, the newest first."""

    def of_address(self, address: str) -> list[Named]:
        """Return what belongs to a mail address, the newest first."""


class NoLookup:
    """Without one, stories are found by ids alone."""

    noun = "subject"
    ends: Sequence[str] = ()
    answers: Mapping[str, str] = MappingProxyType({})

    def subject_of(self, number: str) -> str | None:
        return None

    def number_in(self, rows: Iterable[OutboxEvent], subject: str) -> str | None:
        return None

    def subject_behind(self, row: OutboxEvent) -> str:
        return row.subject

    def page_of(self, subject: str, user: Any) -> str | None:
        return None

    def of_person(self, id: str) -> list[Named]:
        return []

    def of_address(self, address: str) -> list[Named]:
        return []


@dataclass(frozen=True)
class Panel:
    """A part of the page "Now": what an SQL query finds, in a template, kept up live.

    `sql` gives one JSON value, which is `found` in the template. It becomes a part of the one
    statement that is asked each second, so it has to be quick, and it is the same for all who
    look. `form` is a template of what stands below it once, with a token of the viewer's own.
    """

    name: str
    title: str
    template: str
    sql: str
    form: str = ""


@dataclass(frozen=True)
class Figure:
    """A number on top of the page "Now", by an SQL query as of a `Panel`; `href` is where to."""

    label: str
    sql: str
    href: str | Promise


@dataclass(frozen=True)
class Page:
    """A page beside the console's own: its title, and the name of its address."""

    title: str
    url_name: str


@dataclass(frozen=True)
class Found:
    """A value above an alert rule's limit: `about` names the app, where it is about one."""

    about: str
    message: str


class Facts:
    """What several rules ask for, looked up once."""

    @cached_property
    def waiting(self) -> list[metrics.Backlog]:
        return metrics.backlogs()


@dataclass(frozen=True)
class Rule:
    """`limit` says in words from when on; `look` finds what is above it now.

    `first` is what to do first, on the `page` of the console.
    """

    name: str
    about: str
    limit: Callable[[], str]
    look: Callable[[Facts], Iterator[Found]]
    page: str
    first: str


#: Nothing but our own files, and nothing inline: what a payload says is never run.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Theme:
    """What the admin's theme, in which the console stands, has and needs.

    `policy` is the Content-Security-Policy of the pages. `None` leaves it to a middleware of
    the project, for a theme that needs more than Django's own admin.
    """

    policy: str | None = POLICY
    brings_htmx: bool = False


class Hooks:
    """What is added: a theme, a lookup, panels and figures of "Now", pages, rules of the alerts."""

    def __init__(self) -> None:
        self.theme = Theme()
        self.lookup: Lookup = NoLookup()
        self.panels: list[Panel] = []
        self.pages: list[Page] = []
        self.figures: list[Figure] = []
        self.alert_rules: list[Rule] = []


hooks = Hooks()
