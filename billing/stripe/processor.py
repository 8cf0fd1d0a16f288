"""The adapter of `billing.gateway.Processor` for Stripe."""

from datetime import datetime
from decimal import Decimal

import stripe

from billing.gateway import Answer, Approved, Page, Standing
from billing.stripe import books, lookup, mappers, session
from billing.stripe.amounts import minor_units
from billing.stripe.client import api, outages


class StripeProcessor:
    """Holds, takes and gives back money at Stripe, under our keys."""

    @outages()
    def authorize(
        self, key: str, *, token: str, amount: Decimal, currency: str, challenge: str = ""
    ) -> Answer:
        """Open the page where the shopper types the card; there is no `token` before."""
        if challenge:
            return mappers.hold(session.look_at(challenge))
        try:
            return mappers.hold(session.open_page(key, minor_units(amount, currency), currency))
        except stripe.InvalidRequestError as error:
            if error.code in mappers.NO_AMOUNT_FOR_CARDS:
                return mappers.UNPAYABLE
            raise

    @outages()
    def capture(self, key: str, *, authorization: str, amount: Decimal) -> Answer:
        """Take the money; another amount taken there goes back: it is not the order's payment."""
        intent = api().payment_intents.retrieve(authorization)
        units = minor_units(amount, intent.currency)
        if answer := mappers.taking(intent, units):
            return answer
        if intent.status == "succeeded":
            _give_back_whole(intent, key)
            return mappers.OTHER_AMOUNT
        try:
            api().payment_intents.capture(
                authorization, {"amount_to_capture": units}, {"idempotency_key": key}
            )
        except stripe.CardError as error:
            return mappers.refusal(error)
        return Approved(authorization)

    @outages()
    def void(self, key: str, *, authorization: str) -> Answer:
        """Release what is held, and give back what was taken there without us.

        A page on which nobody has paid is closed instead.
        """
        if authorization.startswith("cs_"):
            page = session.close(authorization, key)
            if page.status == "expired":
                return Approved(page.id)
            authorization = mappers.intent_of(page).id
        intent = api().payment_intents.retrieve(authorization)
        if intent.status == "succeeded":
            _give_back_whole(intent, key)
        elif intent.status != "canceled":
            api().payment_intents.cancel(authorization, {}, {"idempotency_key": key})
        return Approved(authorization)

    @outages()
    def refund(self, key: str, *, authorization: str, amount: Decimal) -> Answer:
        intent = api().payment_intents.retrieve(authorization)
        refund = api().refunds.create(
            {
                "payment_intent": authorization,
                "amount": minor_units(amount, intent.currency),
                "metadata": {"key": key},
            },
            {"idempotency_key": key},
        )
        return mappers.giving_back(refund)

    @outages()
    def find(self, key: str) -> Answer | None:
        return lookup.find(key)

    @outages()
    def standing(self, *, authorization: str, currency: str) -> Standing:
        return books.standing(authorization)

    @outages()
    def statements(self, since: datetime, after: str = "") -> Page:
        return books.statements(since, after)


def _give_back_whole(intent: stripe.PaymentIntent, key: str) -> None:
    """Return what was taken of this payment and is still here."""
    if left := books.left_of(intent):
        api().refunds.create(
            {"payment_intent": intent.id, "amount": left, "metadata": {"key": key}},
            {"idempotency_key": f"{key}:back"},
        )
