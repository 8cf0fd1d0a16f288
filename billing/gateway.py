"""Where the outside begins: the card processor, as a port."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple, Protocol


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


@dataclass(frozen=True)
class GivenBack:
    """A refund in the processor's books. `key` is ours for it; empty: it was made there."""

    reference: str
    amount: Decimal
    key: str = ""
    #: the bank did not take the money: it is with us again
    failed: bool = False


#: A question of the bank's takes no money, an open dispute does until it is won.
DisputeState = Literal["asked", "open", "won", "lost"]


@dataclass(frozen=True)
class Disputed:
    """What a card's owner disputes with their bank, in the processor's books."""

    reference: str
    amount: Decimal
    state: DisputeState
    #: the processor's code, such as `fraudulent`
    reason: str = ""

    @property
    def withheld(self) -> Decimal:
        """Return what of it is not with us, or not yet again."""
        return self.amount if self.state in ("open", "lost") else Decimal(0)


@dataclass(frozen=True)
class Standing:
    """One payment in the processor's books: what was taken, and all that went back."""

    captured: Decimal
    refunds: tuple[GivenBack, ...] = ()
    disputes: tuple[Disputed, ...] = ()
    #: nothing was taken, and nothing is held any more
    lapsed: bool = False

    @property
    def kept(self) -> Decimal:
        """Return what was taken less what was given back; disputes are counted apart."""
        given = (refund.amount for refund in self.refunds if not refund.failed)
        return self.captured - sum(given, Decimal(0))

    @property
    def left(self) -> Decimal:
        """Return what can be given back now."""
        withheld = sum((dispute.withheld for dispute in self.disputes), Decimal(0))
        return max(self.kept - withheld, Decimal(0))


@dataclass(frozen=True)
class Statement:
    """One line of the processor's books, to be compared with ours."""

    authorization: str
    #: as our key began when the amount was held
    order_id: str
    #: taken less given back
    kept: Decimal
    disputed: bool = False
    lapsed: bool = False


class Page(NamedTuple):
    """Some lines of the processor's books; `after` is where the next ones begin, if any."""

    statements: list[Statement]
    after: str = ""


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
        """Return what became of an operation; None when the processor never carried it out."""

    def standing(self, *, authorization: str, currency: str) -> Standing:
        """Return what its books say of one approved hold, whoever changed it."""

    def statements(self, since: datetime, after: str = "") -> Page:
        """Return the holds approved since then that carry a key of ours, some at a time."""
