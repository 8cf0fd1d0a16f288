"""What stands in for the processor where points or a promotion pay for everything."""

from datetime import datetime
from decimal import Decimal

from billing.gateway import Answer, Approved, Page, Standing

DONE = Approved("nothing to pay")


class FreePaymentProcessor:
    """The adapter of `billing.gateway.Processor` that says yes to nothing: there is no card."""

    def authorize(
        self, key: str, *, token: str, amount: Decimal, currency: str, challenge: str = ""
    ) -> Answer:
        return DONE

    def capture(self, key: str, *, authorization: str, amount: Decimal) -> Answer:
        return DONE

    def void(self, key: str, *, authorization: str) -> Answer:
        return DONE

    def refund(self, key: str, *, authorization: str, amount: Decimal) -> Answer:
        return DONE

    def find(self, key: str) -> Answer | None:
        """Find nothing: nobody was asked."""
        return None

    def standing(self, *, authorization: str, currency: str) -> Standing:
        return Standing(Decimal(0))

    def statements(self, since: datetime, after: str = "") -> Page:
        return Page([])
