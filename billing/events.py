"""The events of the billing app."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from eventbus import Event, Mailbox, Personal, Task


class PaymentAuthorized(Event, compensated_by="orders.OrderCancelled"):
    """The card's bank holds the amount for us; nothing has been taken yet."""

    order_id: UUID
    payment_id: UUID
    amount: Decimal
    currency: str
    #: which card of the order's this is, from 1
    attempt: int = 1


class PaymentChallenged(Event):
    """The card's bank wants its owner to confirm the payment (3-D Secure)."""

    order_id: UUID
    payment_id: UUID
    number: str
    email: Personal[Mailbox]
    amount: Decimal
    currency: str
    #: the processor's own page to pay on; empty: the shop asks
    url: Personal[str] = ""
    attempt: int = 1
    #: until when the order waits for the answer
    answer_until: datetime | None = None


class PaymentFailed(Event):
    """The payment was refused; no money will come unless the shopper uses another card."""

    order_id: UUID
    payment_id: UUID
    number: str
    email: Personal[Mailbox]
    amount: Decimal
    currency: str
    #: the processor's code, such as `insufficient_funds`
    code: str
    #: the same for people, in English; whoever shows it translates it
    reason: str
    attempt: int = 1
    #: until when the shopper may pay with another card; None: no longer
    pay_until: datetime | None = None


class PaymentRetried(Event):
    """After a refused payment the shopper pays with another card."""

    order_id: UUID
    payment_id: UUID
    #: how many cards that makes
    attempt: int


class PaymentCompleted(Event, compensated_by="PaymentRefunded"):
    """The money was taken."""

    order_id: UUID
    payment_id: UUID
    amount: Decimal
    currency: str


class OrderBilled(Event, compensated_by="orders.OrderCancelled"):
    """The order is paid and invoiced: what needs to be shipped may be."""

    order_id: UUID
    number: str
    invoice_number: str
    customer_id: str | None
    email: Personal[Mailbox]
    total: Decimal
    currency: str
    #: whether any of it is shipped; False: it is the shopper's now
    ships: bool = True


class PaymentVoided(Event):
    """A held amount was released before anything was taken."""

    order_id: UUID
    payment_id: UUID
    amount: Decimal
    currency: str


class PaymentRefunded(Event):
    """Money was given back."""

    order_id: UUID
    refund_id: UUID
    payment_id: UUID
    number: str
    customer_id: str | None
    email: Personal[Mailbox]
    amount: Decimal
    #: everything given back for this order so far, this refund included
    refunded_total: Decimal
    #: what had been taken for this order
    captured_total: Decimal
    currency: str
    reason: Personal[str]
    #: how often the amount given back has changed: the highest tells the newest total
    revision: int = 0


class RefundFailed(Event):
    """The bank did not take refunded money: it is with us, and the shopper is without it."""

    order_id: UUID
    refund_id: UUID
    payment_id: UUID
    number: str
    customer_id: str | None
    email: Personal[Mailbox]
    amount: Decimal
    #: everything given back for this order without this refund
    refunded_total: Decimal
    #: what had been taken for this order
    captured_total: Decimal
    currency: str
    reason: Personal[str]
    #: see `PaymentRefunded`
    revision: int


class PaymentDisputed(Event):
    """The shopper's bank asks for the money back, because its customer disputes the payment."""

    order_id: UUID
    #: as the processor calls the dispute
    dispute: str
    payment_id: UUID
    number: str
    amount: Decimal
    currency: str
    #: the processor's code, such as `fraudulent`
    reason: str
    #: whether the bank has taken the amount until the dispute ends, or only asks
    withheld: bool


class DisputeClosed(Event):
    """The bank has decided; where it is lost, a `PaymentRefunded` tells of the money."""

    order_id: UUID
    dispute: str
    payment_id: UUID
    number: str
    amount: Decimal
    currency: str
    #: whether the money stays with us
    won: bool


class ChallengeConfirmed(Event):
    """The card's owner confirmed the payment; the bank can be asked again."""

    order_id: UUID
    #: which card of the order's this is about, from 1
    attempt: int = 1


# Tasks: commands to ourselves, carried out by a worker of ours.


class ReconcilePayments(Task):
    """Compare payments with the processor's books, some at a time."""

    day: date
    #: where in the processor's books; empty: at their beginning
    after: str = ""


class CheckPayment(Task):
    """Ask the card processor what has become of a payment: it let us know, or differs."""

    order_id: UUID
    #: what it is about, as the processor calls it
    reference: str


class RefundPayment(Task):
    """Give money back that staff set aside for it."""

    order_id: UUID
    refund_id: UUID
    amount: Decimal
    currency: str
    reason: Personal[str]
