"""Where the outside begins: the card processor, as a port."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.conf import settings


class GatewayUnavailable(Exception):
    """No answer came, so the operation may have happened: ask `find`, then call again."""


@dataclass(frozen=True)
class Approved:
    """Done. `reference` is the processor's name for what was done."""

    reference: str


@dataclass(frozen=True)
class Declined:
    """Not done, and asking again will not help."""

    code: str
    #: the same for people
    reason: str


@dataclass(frozen=True)
class Challenge:
    """Not done until the card's owner acts (3-D Secure); `reference` names the question.

    `url` is the processor's own page for it; empty: the shop asks.
    """

    reference: str
    url: str = ""


Answer = Approved | Declined | Challenge


class Processor(Protocol):
    """What billing needs of a card processor.

    `key` is ours and names one operation for good: the same key gives the same
    answer and does nothing twice; with other parameters it is a programming
    error. It begins with the order's id and the operation. Amounts are in units
    of `currency` (ISO 4217). Every call may raise `GatewayUnavailable`.
    """

    def authorize(
        self, key: str, *, token: str, amount: Decimal, currency: str, challenge: str = ""
    ) -> Answer:
        """Hold an amount on a card; `challenge` is the one its owner has confirmed."""

    def capture(self, key: str, *, authorization: str, amount: Decimal) -> Answer:
        """Take held money. `authorization` is the reference of the approved hold."""

    def void(self, key: str, *, authorization: str) -> Answer:
        """Release what is held and was not taken, or close an open challenge."""

    def refund(self, key: str, *, authorization: str, amount: Decimal) -> Answer:
        """Give taken money back, in part or in full."""

    def find(self, key: str) -> Answer | None:
        """What became of an operation; None when the processor never carried it out."""


def processor() -> Processor:
    """The processor in use: the one place that names an adapter."""
    if settings.PAYMENT_GATEWAY == "stripe":
        from billing.stripe import StripeProcessor

        return StripeProcessor()
    from billing.sandbox import SandboxProcessor

    return SandboxProcessor()
