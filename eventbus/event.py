"""The base classes of events: frozen, typed, self-contained facts in the past tense."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.dispatch import Signal
from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError, model_validator

from eventbus import registry
from eventbus.exceptions import InvalidDefinition, InvalidEvent
from eventbus.field_types import check_finite, types_in
from eventbus.personal import changed, check_personal, masked, personal_fields
from eventbus.schema import json_schema
from eventbus.upcasting import Upcaster, upcast

#: Characters of one text, and entries of one collection, that an event takes at most.
MAX_TEXT = 1024 * 1024
MAX_ITEMS = 2000
#: Characters of a text in a part of an event.
MAX_SHORT_TEXT = 255


_COLLECTIONS = (tuple, list, dict, set, frozenset)


class _Plain(BaseModel):
    """Frozen, typed, exact, bounded: plain values only, never a float."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_max_length=MAX_TEXT)

    @model_validator(mode="before")
    @classmethod
    def _exact_and_bounded(cls, data: Any) -> Any:
        if type(data) is dict:
            for name, value in data.items():
                if isinstance(value, float):
                    raise ValueError(f"{name}: a float is not exact; use int or Decimal")
                if isinstance(value, _COLLECTIONS) and len(value) > MAX_ITEMS:
                    raise ValueError(f"{name}: {len(value)} entries, at most {MAX_ITEMS} fit")
        return data

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        check_finite(cls)
        for name, field in cls.model_fields.items():
            if float in types_in(field.annotation):
                raise InvalidDefinition(f"{cls.__name__}.{name}: use int or Decimal, not float")
        check_personal(cls)


class Event(_Plain):
    """Base of all events.

    A subclass is declared in its owner's `events.py`. Its name on the wire is
    `<app>.<ClassName>`; its first field is the subject, the id of the
    aggregate it is about; `version` is raised, and the older one upcast (see
    `upcasts`), when a field changes meaning or goes, or a required field is
    added; `compensated_by` names the event that takes it back, if
    one can (`OrderCancelled`, or `billing.PaymentRefunded` of another app)::

        class OrderPlaced(Event, version=2, compensated_by="OrderCancelled"):
            '''A shopper placed an order.'''

            order_id: UUID

    An `abstract` one is not emitted itself: it says what a fact of its kind tells. Any app emits a
    subclass of its own, and who reacts to the abstract one reacts to them all::

        class PriceAdjusted(Event, abstract=True):
            '''A price is another one for a while.'''

            sku: str

    One with a `foreign_source` is stated by a system of somebody else: no app emits it, and
    `eventbus.inbound` takes it in from a CloudEvent of that source, whose type is `foreign_type`,
    or the class's own name on the wire::

        class StockCounted(Event, foreign_source="//warehouse", foreign_type="acme.stock.counted"):
            '''The warehouse counted what is there of an article.'''

            sku: str
            units: int

    Each class owns a Django `signal`, sent by `emit` inside the transaction.
    """

    class Value(_Plain):
        """A part of an event: an order line, an address. Its texts are short: there are many.

        It stands above what holds it, and never holds itself: whoever walks through an event
        comes to its end.
        """

        model_config = ConfigDict(str_max_length=MAX_SHORT_TEXT)

    #: Its kind: an `event`, which is a fact, or a `deadline` or a `task` of its app alone.
    event_kind: ClassVar[str] = "event"
    app: ClassVar[str] = ""
    type: ClassVar[str] = ""
    version: ClassVar[int] = 1
    abstract: ClassVar[bool] = False
    compensated_by: ClassVar[str] = ""
    #: `source` and `type` of the CloudEvents it is made of; empty for what an app emits.
    foreign_source: ClassVar[str] = ""
    foreign_type: ClassVar[str] = ""
    signal: ClassVar[Signal]
    #: What makes the next version's data of an older one's, by the older version.
    upcasters: ClassVar[dict[int, Upcaster]] = {}

    _id: UUID | None = PrivateAttr(None)
    _occurred_at: datetime | None = PrivateAttr(None)

    def __init_subclass__(
        cls,
        version: int = 1,
        compensated_by: str = "",
        abstract: bool = False,
        foreign_source: str = "",
        foreign_type: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init_subclass__(**kwargs)

    @classmethod
    def __pydantic_init_subclass__(
        cls,
        version: int = 1,
        compensated_by: str = "",
        abstract: bool = False,
        foreign_source: str = "",
        foreign_type: str = "",
        **kwargs: Any,
    ) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if cls.__module__ == __name__:
            return
        if not cls.model_fields:
            raise InvalidDefinition(f"{cls.__name__}: the first field names the subject; add one")
        if next(iter(cls.model_fields)) in personal_fields(cls):
            raise InvalidDefinition(
                f"{cls.__name__}: its subject is in logs and cannot be Personal; put an id first"
            )
        if "events" not in cls.__module__ and not cls.__module__.startswith("tests"):
            raise InvalidDefinition(f"{cls.__name__}: declare it in its app's events.py")
        cls.app = registry.owner(cls.__module__)
        cls.type = f"{cls.app}.{cls.__name__}"
        cls.version = version
        cls.abstract = abstract
        cls.upcasters = {}
        own = compensated_by and "." not in compensated_by
        cls.compensated_by = f"{cls.app}.{compensated_by}" if own else compensated_by
        cls._mark_foreign(foreign_source, foreign_type)
        cls.signal = Signal(use_caching=True)
        registry.add_event(cls)

    @classmethod
    def _mark_foreign(cls, source: str, type: str) -> None:
        if source and (cls.abstract or cls.event_kind != "event"):
            raise InvalidDefinition(f"{cls.type}: no abstract event, deadline or task is foreign")
        if type and not source:
            raise InvalidDefinition(f"{cls.type}: name the foreign_source that states {type}")
        cls.foreign_source = source
        cls.foreign_type = source and (type or cls.type)

    @property
    def subject(self) -> str:
        """The id of the aggregate the fact is about."""
        return str(getattr(self, next(iter(type(self).model_fields))))

    @property
    def id(self) -> UUID:
        """The event's own id: the same in every reaction and every redelivery."""
        assert self._id, "an event has an id once it is emitted"
        return self._id

    @property
    def occurred_at(self) -> datetime:
        """Return when the event occurred: when it was emitted."""
        assert self._occurred_at, "an event has a time once it is emitted"
        return self._occurred_at

    def stamp(self, id: UUID, occurred_at: datetime) -> Self:
        """Give the event its identity; done once by `emit` or when read from the wire."""
        self._id, self._occurred_at = id, occurred_at
        return self

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """Return the JSON Schema of the data, as it is on the wire and in history."""
        return json_schema(cls)

    def to_data(self) -> dict[str, Any]:
        """Return the fields as JSON values; Decimals and UUIDs as strings."""
        return self.model_dump(mode="json")

    def masked(self) -> Self:
        """Return the event with everything `Personal` in it blank, as in redacted history."""
        blank = self.from_data(masked(type(self), self.to_data()))
        return blank.stamp(self.id, self.occurred_at)

    def with_typed(self, change: Callable[[str], str]) -> Self:
        """Return the event with `change` applied to each text that is `Personal`."""

        def each(value: Any) -> Any:
            if isinstance(value, list):
                return [change(text) for text in value]
            return change(value) if isinstance(value, str) else value

        fit = self.from_data(changed(type(self), self.to_data(), each))
        return fit.stamp(self.id, self.occurred_at)

    @classmethod
    def todays_data(cls, version: int, data: dict[str, Any]) -> dict[str, Any]:
        """Return the JSON data of this version, or an older one, in the form of this one.

        Of an older one only fields that this one knows are left. Raises `InvalidEvent`.
        """
        if version == cls.version:
            return data
        return cls.from_data(upcast(cls, version, data)).to_data()

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """Return the event of these JSON values; unknown extra fields are ignored.

        Raises `InvalidEvent` naming each field that does not fit.
        """
        try:
            return cls.model_validate(data, extra="ignore")
        except ValidationError as error:
            faults = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise InvalidEvent(f"{cls.type}: {'; '.join(faults)}") from error


class Deadline(Event):
    """A timer to oneself: emitted ahead with `publish_after`, published when that time has come.

    It is no fact about the world: its own app alone may react, and `reacts_to(Event)` does not
    mean it. It is named by what is due (`TrackingDue`, `PaymentDeadlineReached`).
    """

    event_kind = "deadline"


class Task(Event):
    """A command to oneself: work that a worker of the same app is to do, named by what to do.

    As with a `Deadline`, its own app alone may react.
    """

    event_kind = "task"
