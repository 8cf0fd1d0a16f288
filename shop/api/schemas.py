"""What goes in and out, in parts that several addresses share."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from djmoney.money import Money
from ninja import Field, Schema
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
)
from pydantic_core import PydanticCustomError, PydanticKnownError

from catalogue.stock import Stock
from shop import email_addresses
from shop.checkout.delivery import COUNTRIES, METHODS
from shop.storefront.cart import MOST_UNITS

Json = dict[str, Any]

#: PostgreSQL keeps no text with a zero byte in it.
NO_ZERO = r"^[^\x00]*$"
MONEY = r"^[0-9]{1,10}(\.[0-9]{1,2})?$"
MOST_PER_PAGE, LAST_PAGE = 100, 10_000


def number(sent: Any) -> Any:
    """Refuse what could only be taken for a number: no text, and no true or false."""
    if isinstance(sent, str | bool):
        raise PydanticKnownError("int_type")
    return sent


def mailbox_or_nothing(sent: str) -> str:
    """Return the address as the shop keeps it. Raises for one that no mail can be sent to."""
    try:
        return email_addresses.normalize(sent) if sent else ""
    except ValidationError as error:
        raise PydanticCustomError("mailbox", "{why}", {"why": str(error.message)}) from error


Text = Annotated[str, StringConstraints(max_length=255, pattern=NO_ZERO)]
Mailbox = Annotated[Text, AfterValidator(mailbox_or_nothing)]
Sku = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=NO_ZERO)]
MoneyText = Annotated[str, StringConstraints(pattern=MONEY), Field(examples=["12.50"])]
Units = Annotated[int, Field(ge=1, le=MOST_UNITS, examples=[2]), BeforeValidator(number)]

Country = StrEnum("Country", {code: code for code, _name in COUNTRIES})  # type: ignore[misc]
Shipping = StrEnum("Shipping", {code: code for code in METHODS})  # type: ignore[misc]


class RequestBody(Schema):
    """What is sent to us: a field we do not know is a typing error."""

    model_config = ConfigDict(extra="forbid")


class PageQuery(Schema):
    """Which part of a list is wanted."""

    page: int = Field(1, ge=1, le=LAST_PAGE, description="page, from 1")
    limit: int = Field(24, ge=1, le=MOST_PER_PAGE, description="entries on a page")


class Amount(Schema):
    """An amount of money."""

    amount: str = Field(
        pattern=r"^-?\d+\.\d\d$", examples=["12.50"], description="decimal, as a text"
    )
    currency: str = Field(examples=["EUR"], description="ISO 4217")

    @classmethod
    def of(cls, money: Money) -> "Amount":
        return cls(amount=f"{money.amount:.2f}", currency=str(money.currency))

    @classmethod
    def ours(cls, amount: Decimal) -> "Amount":
        """Make an amount in the shop's currency."""
        return cls.of(Money(amount, settings.DEFAULT_CURRENCY))


class Availability(Schema):
    """Whether it can be bought."""

    status: str = Field(
        examples=["in-stock"],
        description="in-stock, few, back-order (can be bought, is sent when it is in again), "
        "sold-out or unknown (not told yet)",
    )
    units: int | None = Field(
        examples=[12], description="known to be there; null: not told yet, or not counted"
    )
    label: str = Field(examples=["In stock"], description="for people")

    @classmethod
    def of(cls, stock: Stock) -> "Availability":
        return cls(status=stock.kind, units=stock.units, label=stock.label)


class Paged(Schema):
    """Where in a list this is."""

    total: int = Field(examples=[120], description="entries on all pages together")
    page: int = Field(examples=[1])
    limit: int = Field(examples=[24])


def page_of(found: QuerySet[Any], wanted: PageQuery) -> tuple[Iterable[Any], Json]:
    """Return the entries of a page, none after the last, and what `Paged` says of it."""
    pages: Paginator[Any] = Paginator(found, wanted.limit)
    entries = pages.page(wanted.page) if wanted.page <= pages.num_pages else []
    return entries, {"total": pages.count, "page": wanted.page, "limit": wanted.limit}
