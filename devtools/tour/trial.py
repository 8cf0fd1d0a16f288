"""A trial: one experiment that somebody began, how far it is and what it showed."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, Field


class Phase(StrEnum):
    """How far a trial is."""

    ASKED = "Begin"
    BROKEN = "Break"
    CATCHING_UP = "Catch up"
    ENDING = "Bring orders to their end"
    PROVING = "Audit"
    DONE = "Done"


class Trial(BaseModel):
    """What was asked for, and what came of it until now. Times are aware, seconds are seconds."""

    experiment: str
    by: str
    seconds: int
    orders: int
    app: str = ""
    asked_at: datetime

    phase: Phase = Phase.ASKED
    broken_at: datetime | None = None
    #: when it ends by itself
    until: datetime | None = None
    mended_at: datetime | None = None
    caught_up_at: datetime | None = None
    #: what the fault did, in words
    did: str = ""
    #: what is not as it should be
    trouble: list[str] = Field(default_factory=list)

    placed: list[UUID] = Field(default_factory=list)
    #: by state, of the orders placed
    ended: dict[str, int] = Field(default_factory=dict)
    refused: list[str] = Field(default_factory=list)
    #: seconds that the shopper waited who waited longest
    slowest: float = 0
    #: reactions that are open
    waiting: int = 0
    lost: int | None = None
    doubled: int | None = None
    #: rules of the audit that are broken
    broken_rules: list[str] = Field(default_factory=list)

    @property
    def ended_orders(self) -> int:
        return sum(self.ended.values())

    @property
    def open_orders(self) -> int:
        return len(self.placed) - self.ended_orders

    @property
    def example(self) -> UUID | None:
        """Return an order to look at: the last, whose card was refused where some were."""
        return self.placed[-1] if self.placed else None

    @property
    def holds(self) -> bool:
        """Tell whether every promise held, and everything came to its end."""
        sound = self.lost == 0 and self.doubled == 0 and not self.broken_rules
        return sound and not (self.trouble or self.open_orders or self.refused)

    @property
    def caught_up_within(self) -> float | None:
        """Return the seconds from the end of the fault until nothing of that time waited."""
        if not (self.caught_up_at and self.mended_at):
            return None
        return (self.caught_up_at - self.mended_at).total_seconds()
