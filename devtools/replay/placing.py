"""A day's sales and returns through the shop's front door."""

from collections.abc import Iterable, Mapping
from functools import singledispatchmethod
from random import Random
from uuid import UUID, uuid4

from billing.services import tokenize
from catalogue.listing import TITLE_LENGTH, SimpleProduct, ensure_listed
from devtools.replay import countries
from devtools.replay.day import Day, Sale, SentBack
from devtools.replay.options import Options
from devtools.replay.reading import Row
from devtools.replay.stories import Stories
from devtools.shop_client import APPROVED, DECLINED
from inventory.services import count_none, receive_stock
from orders.errors import CannotReturn
from orders.events import Address, OrderCancelled, OrderDetails, OrderLine
from orders.services import order_for_page, place_order, request_return

CURRENCY = "GBP"
#: Why stock moves, for its ledger.
WHY = "replay of a trading day"
#: What the file does not say of an address.
UNTOLD = "-"


class FrontDoor:
    """Places orders and sends goods back, one step of the day after the other.

    A step may be asked for again when its answer was lost; it is taken once. `orders` are
    the ids of those placed so far, by invoice.
    """

    def __init__(self, day: Day, options: Options, stories: Stories) -> None:
        self.orders: dict[str, UUID] = {}
        self._name = f"replay {uuid4()}"
        self._stories = stories
        self._not_met = {
            sku: units if options.stock is None else options.stock
            for sku, units in day.units_by_sku().items()
        }
        random = Random(options.seed)
        self._declined = {s.invoice for s in day.sales if random.random() < options.decline_rate}

    @singledispatchmethod
    def take(self, step: Sale | SentBack) -> None:
        """Place a sale as an order, or send back what a return returns."""
        raise NotImplementedError(type(step))

    @take.register
    def _place(self, step: Sale) -> None:
        key = f"{self._name}, invoice {step.invoice}"
        self._bring_in(step.rows, key)
        card = DECLINED if step.invoice in self._declined else APPROVED
        details = details_of(step, card)
        # Nobody is there who could give another card.
        order = place_order(details, key=key, reference=step.invoice, pay_again=False)
        self.orders[step.invoice] = order.id

    @take.register
    def _send_back(self, step: SentBack) -> None:
        for invoice, units in step.units.items():
            self._request_return(self.orders[invoice], units, f"invoice {step.invoice}")

    def _bring_in(self, rows: Iterable[Row], reference: str) -> None:
        """List the products met for the first time, and take in their stock."""
        met: dict[str, Row] = {}
        for row in rows:
            if row.stock_code in self._not_met:
                met.setdefault(row.stock_code, row)
        ensure_listed(
            (SimpleProduct(sku, title_of(row), row.price) for sku, row in met.items()), CURRENCY
        )
        units = {sku: count for sku in met if (count := self._not_met[sku])}
        receive_stock(units, WHY, reference=reference)
        count_none(met.keys() - units.keys(), WHY)
        for sku in met:
            del self._not_met[sku]

    def _request_return(self, order_id: UUID, units: Mapping[int, int], reason: str) -> None:
        """Send units back; of an order that was cancelled meanwhile there is nothing to send."""
        if any(back.reason == reason for back in order_for_page(order_id).returns.all()):
            return
        try:
            request_return(order_id, dict(units), reason=reason)
        except CannotReturn:
            if not self._stories.tell_of(OrderCancelled, order_id):
                raise


def details_of(sale: Sale, card_number: str) -> OrderDetails:
    """Return the order of a sale, as its customer or a guest would place it."""
    who = f"retail-{sale.customer}" if sale.customer else f"guest-{sale.invoice}"
    country = countries.code(sale.country)
    return OrderDetails(
        lines=[_line(number, row) for number, row in enumerate(sale.rows, start=1)],
        ship_to=Address(name=who, line1=UNTOLD, city=UNTOLD, postcode=UNTOLD, country=country),
        # Issued where they live: nothing odd about it.
        card=tokenize(card_number, holder=who, country=country),
        currency=CURRENCY,
        email=f"{who}@customers.example",
        customer_id=who if sale.customer else None,
    )


def title_of(row: Row) -> str:
    """Return a product's title: the file's, or the stock code where it has none."""
    return row.description[:TITLE_LENGTH] or row.stock_code


def _line(number: int, row: Row) -> OrderLine:
    return OrderLine(
        line=number,
        sku=row.stock_code,
        title=title_of(row),
        quantity=row.quantity,
        unit_price=row.price,
    )
