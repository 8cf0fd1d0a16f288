"""One of everything that an address can name, and every address there is."""

import re
from typing import Any
from uuid import uuid4

from django.db import connection
from django.urls import URLPattern, get_resolver

from catalogue.models import Category
from eventbus.testing import given
from notifications.models import Mail
from notifications.unsubscribing import token_of
from orders.events import Address
from shop import accounts
from shop.accounts import addresses
from shop.accounts.tokens import make_token, tokens_of
from tests.routes import every_route
from tests.unit.notifications.facts import placed as placed_fact
from tests.unit.storefront.conftest import listed, placed
from tests.unit.storefront.facts import DELIVERED, Facts, happened
from tests.unit.storefront.webhooks import told

HOME = Address(name="Ada", line1="1 Main St", city="London", postcode="N1 9GU", country="GB")

#: What is different after a look and no harm: who is there, when they were last, how often.
NO_CHANGE = {"storefront_session", "ratelimit_ratecounter", "ratelimit_cache"}


def every_address() -> dict[str, URLPattern]:
    """Each address as it is written in the code, but the admin's own, which Django tests."""
    entries = (entry for entry in get_resolver().url_patterns if str(entry.pattern) != "admin/")
    return dict(every_route(entries))


class World:
    """What one customer has, and an address for each place that shows some of it."""

    def __init__(self, owner: Any) -> None:
        self.owner = owner
        mine = accounts.customer_id(owner)
        listed("MUG", category=Category.objects.create(name="Kitchen", slug="kitchen"))
        self.order = placed(mine)
        happened(Facts(self.order), *DELIVERED)
        self.address = addresses.keep(mine, HOME)
        make_token(mine, "mine")
        self.token = tokens_of(mine).get()
        self.message = told(mine, 1)
        given(placed_fact(), to="notifications")
        self.mail = Mail.objects.get()

    def named(self) -> dict[str, Any]:
        """Parts of addresses by their names in the code."""
        return {
            "order_id": self.order.pk,
            "handle": "mug",
            "sku": "MUG",
            "slug": "kitchen",
            "id": self.mail.pk,
            "token": token_of(self.mail.pk),
            "section": "products",
            "width": 240,
            "stamp": "none",
            "src": "none.jpg",
            "key": "none",
            "uidb36": "1",
            "cart_id": uuid4(),
            "webhook_id": uuid4(),
            "message_id": 0,
            "fingerprint": "none",
            "app": "none",
            "type": "none",
            "reference": "none",
            "customer_id": "none",
        }

    def path(self, route: str, **other: Any) -> str:
        """The address of what is the owner's, with other parts where they are given."""
        rows = {"account/addresses": self.address.pk, "account/tokens": self.token.pk}
        pk = next((pk for start, pk in rows.items() if route.startswith(start)), 0)
        hook = {"webhook_id": self.message.subscription_id, "message_id": self.message.pk}
        here = hook if route.startswith("account/webhooks") else {}
        here |= {"id": 0} if route.startswith("console/") and "event" not in route else {}
        parts = {"pk": pk, **self.named(), **here, **other}
        return "/" + _filled(route, parts)


def _filled(route: str, parts: dict[str, Any]) -> str:
    """An address with its parts put in; KeyError: tell `World.named` what stands there."""
    route = route.replace(r"^[\s\S]*$", "nowhere").strip("^$").replace("/^", "/")
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route)
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(parts[part[1]]), route)


def everything_kept() -> dict[str, str]:
    """Each table of the database with a sum over all that is in it."""
    tables = sorted(set(connection.introspection.table_names()) - NO_CHANGE)
    sums = " union all ".join(
        f"select '{table}', md5(string_agg(t::text, ',' order by t::text)) from {table} t"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(sums)
        return dict(cursor.fetchall())
