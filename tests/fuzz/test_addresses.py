"""Search and everything else that stands after a question mark, and what Stripe's door is sent."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.fuzz import bounded
from tests.fuzz.test_messages import JSON
from tests.unit.billing.stripe_server import signed

pytestmark = pytest.mark.django_db

ODD = [
    "\0",
    "-1",
    "9" * 400,
    "1e400",
    "NaN",
    "٣",
    "\u202e",
    "%ff",
    "[",
    "a:b",
    "'--",
    "a & b | !c <->",
]
TEXT = st.sampled_from(ODD) | st.text(max_size=40)
PAGES = ["/products/", "/api/products", "/categories/kitchen/", "/sitemap.xml", "/api/availability"]
FIELDS = ["q", "category", "price_min", "price_max", "sort", "option", "available", "page", "skus"]
QUERY = st.dictionaries(st.sampled_from(FIELDS), TEXT | st.lists(TEXT, max_size=3), max_size=4)
RIGHT = {
    "id": "evt_1",
    "object": "event",
    "type": "checkout.session.completed",
    "data": {"object": {"id": "cs_1", "object": "checkout.session", "metadata": {}}},
}


@bounded
@given(st.sampled_from(PAGES), QUERY)
@example("/products/", {"q": "'\\:*"})
@example("/products/", {"option": "a:" + "b" * 400})
@example("/api/products", {"page": "9" * 400})
def test_no_question_breaks_a_page(client, page, query):
    assert client.get(page, query).status_code < 500


@bounded
@given(TEXT)
@example("a & !(b | c:*)")
@example("\\")
def test_a_search_shows_what_was_sought_as_text(client, text):
    page = client.get("/products/", {"q": f"<script>{text}"}).content.decode()
    assert "<script>" not in page


@bounded
@given(body=JSON, right=st.booleans())
@example(body=None, right=False)
@example(body={"metadata": {"order_id": "no", "key": "no"}}, right=True)
@example(body={"metadata": {"order_id": "\0", "key": ""}}, right=True)
@example(body={"metadata": []}, right=True)
def test_what_is_signed_and_no_message_of_stripe_is_refused_or_ignored(
    client, settings, body, right
):
    """Stripe's own secret on it: what does not fit is not kept, and nothing breaks."""
    settings.STRIPE_WEBHOOK_SECRET = "whsec_test"
    sent = RIGHT | {"data": {"object": body}} if right else body
    answer = client.post("/billing/stripe/webhook/", **signed(sent, "whsec_test"))
    assert answer.status_code in (200, 400)


@bounded
@given(st.text(max_size=60), st.binary(max_size=100))
def test_what_is_not_signed_is_refused(client, settings, signature, body):
    settings.STRIPE_WEBHOOK_SECRET = "whsec_test"
    header = signature.encode("ascii", "ignore").decode().replace("\r", "").replace("\n", "")
    answer = client.post(
        "/billing/stripe/webhook/",
        body,
        content_type="application/json",
        headers={"Stripe-Signature": header},
    )
    assert answer.status_code == 400
