"""The shop for programs, under /api/: look around, fill a cart, order, follow the order.

What may be done and what it costs is decided where the pages have it decided:
in `catalogue.search`, `shop.storefront` and `pricing`.

api          all of it put together
routes       one module for each kind of thing
schemas      what goes in and out
auth         who asks, by a token
problems     what is answered when something is wrong
idempotency  the same request twice is one
api_view     what holds for every address here: language, media type, problems
openapi      the OpenAPI document, and a page to read it on
"""
