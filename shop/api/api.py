"""The API, put together."""

from typing import Any

from django.apps import apps
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from shop.api import checkout_errors, problems
from shop.api.auth import PerMinute
from shop.api.routes import carts, checkout, orders, products
from shop.invisible_characters import json_without_invisible
from shop.storefront import brand

DESCRIPTION = """\
Everything a shopper can do, for programs: look around, fill a cart, order, follow the order.

Amounts of money are decimal texts with their currency. What is wrong is told as a problem
(RFC 9457) with the fields named, in the language of Accept-Language. Guests need no token: the
id of a cart or an order opens it. A token, made on the account page, acts for its customer.\
"""


class AsSeen(Parser):
    """Texts reach the operations as they were seen, however deep they are."""

    def parse_body(self, request: HttpRequest) -> Any:
        return json_without_invisible(super().parse_body(request))


api = NinjaAPI(
    title=f"{brand.NAME} API",
    version="1.0.0",
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
    throttle=PerMinute(),
    parser=AsSeen(),
)

for routes in (products, carts, checkout, orders):
    api.add_router("", routes.router)
if apps.is_installed("shop.webhooks"):
    from shop.api.routes import webhooks

    api.add_router("", webhooks.router)
api.exception_handler(problems.Refusal)(problems.of_refusal)
api.exception_handler(HttpError)(problems.of_http_error)
api.exception_handler(ValidationError)(checkout_errors.of_validation)
api.exception_handler(Exception)(problems.of_bug)
