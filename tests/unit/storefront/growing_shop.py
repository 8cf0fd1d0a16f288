"""A shop in which there is more and more of everything."""

from djmoney.money import Money

from catalogue.models import Category, Image, Variant
from catalogue.search.indexing import reindex
from eventbus.bridges.webhooks.services import subscriptions_of
from eventbus.testing import given
from loyalty.events import PointsEarned
from shop import accounts
from shop.accounts.tokens import make_token
from shop.storefront.cart import add
from shop.storefront.models import Cart, SavedAddress
from tests.unit.storefront.conftest import available, listed, placed, put
from tests.unit.storefront.facts import DELIVERED, Facts, happened
from tests.unit.storefront.people import account, also
from tests.unit.storefront.webhooks import told


class GrowingShop:
    """Of each thing `size` pieces; the shown product, cart and orders grow as well."""

    def __init__(self, guest, customer) -> None:
        self.size = 0
        self.guest, self.customer = guest, customer
        self.ada = account()
        customer.force_login(self.ada)
        self.me = accounts.customer_id(self.ada)
        self.orders = {
            "placed": order_that(),
            "delivered": order_that(*DELIVERED),
            "declined": order_that("reserved", "declined_for_now"),
            "challenged": order_that("reserved", "challenged"),
        }

    @property
    def ids(self) -> dict[str, object]:
        """Return what stands in the addresses of pages about one thing."""
        address = SavedAddress.objects.filter(customer_id=self.me).first()
        webhook = subscriptions_of(self.me).last()
        mine = {"address": address.pk, "webhook": webhook.pk}
        return mine | {name: order.pk for name, order in self.orders.items()}

    def grow(self, size: int) -> None:
        for number in range(self.size, size):
            self._goods(number)
            self._belongings(number)
            for order in self.orders.values():
                price = Money(1, "EUR")
                order.lines.create(
                    line=number + 9, sku=f"S{number}", title="More", quantity=1, unit_price=price
                )
        self.size = size
        sum(reindex())

    def _goods(self, number: int) -> None:
        """A category, a product in it, and more variants and pictures of the first product."""
        top = Category.objects.filter(slug="c0").first()
        Category.objects.create(slug=f"c{number}", name=f"C{number}", parent=top)
        variant = listed(f"SKU{number}", category=Category.objects.get(slug="c0"))
        first = Variant.objects.get(sku="SKU0").product
        first.option_names = ["Kind"]
        first.save()
        for each in range(3 * number, 3 * number + 3):
            more = Variant.objects.create(
                product=first,
                sku=f"SKU0-{each}",
                option_values=[f"K{each}"],
                price=Money(9, "EUR"),
            )
            Image.objects.create(product=first, variant=more, src=f"{each}.svg")
        available(variant.sku, 9)
        for client in (self.guest, self.customer):
            self._fill(client, variant.sku)

    def _fill(self, client, sku: str) -> None:
        if cart := client.session.get("cart"):
            add(Cart.objects.get(pk=cart), sku)
        else:
            put(client, sku)

    def _belongings(self, number: int) -> None:
        """Return what a customer has: orders, points, addresses."""
        order = placed(self.me)
        earned = {"points": 5, "balance": 5 * (number + 1), "revision": number + 1}
        given(PointsEarned(customer_id=self.me, order_id=order.pk, **earned), to="shop")
        SavedAddress.objects.create(customer_id=self.me, name="Ada", line1="1 St", country="GB")
        make_token(self.me, f"token {number}")
        told(self.me, number)
        told(self.me, number, subscriptions_of(self.me).last())
        also(self.ada, f"ada{number}@example.com", confirmed=False)


def order_that(*facts: str):
    """A guest's order of which this is known."""
    order = placed()
    happened(Facts(order), *facts)
    return order
