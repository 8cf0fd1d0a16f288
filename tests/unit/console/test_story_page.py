"""The page of a story: found by whatever names it, looked at closely, told in words."""

from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from tests.unit.console.history import add_event, placed, reacted

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    """An order of Ada's with a reaction that was retried and one that is parked."""
    row = placed(uuid4(), "100001", customer_id="7", email="ada@example.com")
    reacted(row, "billing.authorize", attempts=3, duration_ms=20)
    error = "ValueError: ada@example.com"
    reacted(row, "shipping.prepare", "parked", attempts=8, error=error)
    add_event("billing.PaymentAuthorized", row.subject, cause=row, by="authorize", after_ms=60_000)
    return row


def text(answer):
    return answer.content.decode()


def look_for(client, wanted):
    return client.post(reverse("console:search"), {"q": wanted})


def story(client, reference="100001", **window):
    return client.get(reverse("console:story", args=[reference]), window)


@pytest.mark.parametrize("reference", ["number", "subject", "id"])
def test_it_is_found_by_number_order_and_event(operator, order, reference):
    wanted = "100001" if reference == "number" else str(getattr(order, reference))
    answer = look_for(operator, wanted)
    assert answer["Location"] == reverse("console:story", args=[wanted])
    assert "Story of order 100001" in text(operator.get(answer["Location"]))


def test_it_leads_to_the_orders_page_of_the_admin_who_may_see_that(admin_client, operator, order):
    there = reverse("admin:order", args=[order.subject])
    assert there in text(story(admin_client))
    assert there not in text(story(operator))


def test_a_customer_is_found_with_all_they_ordered(operator, order):
    placed(uuid4(), "100002", customer_id="7")
    placed(uuid4(), "100003", customer_id="8")
    page = text(operator.get(look_for(operator, "7")["Location"]))
    assert "Order 100001" in page
    assert "Order 100002" in page
    assert "Order 100003" not in page


def test_an_address_finds_orders_only_for_who_may_see_it(operator, confidant, order):
    assert "Order 100001" in text(look_for(confidant, "ada@example.com"))
    refused = look_for(operator, "ada@example.com")
    assert refused.status_code == 422
    assert "Only who may see" in text(refused)


@pytest.mark.parametrize("wanted", ["999999", str(UUID(int=1)), "nobody@example.com", "'; drop"])
def test_what_is_not_there_is_told_beside_the_field(confidant, order, wanted):
    answer = look_for(confidant, wanted)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in text(answer)


def test_a_story_that_is_not_there_is_a_page_that_was_not_found(operator):
    assert story(operator, "999999").status_code == 404
    assert operator.get(reverse("console:story_svg", args=["999999"])).status_code == 404


def test_words_say_what_was_retried_and_parked_and_lead_to_its_page(operator, order):
    page = text(story(operator))
    assert "attempt 3" in page
    parked = order.deliveries.get(state="parked")
    assert reverse("console:delivery", args=[parked.id]) in page
    assert f'id="{order.id}-shipping-prepare"' in page
    assert f'href="#{order.id}-shipping-prepare"' in page


def test_errors_in_picture_and_words_show_no_address(operator, confidant, order):
    assert "ada@example.com" not in text(story(operator))
    assert "ada@example.com" in text(story(confidant))


def test_a_part_can_be_looked_at_and_what_is_outside_is_not_drawn(operator, order):
    whole, part = story(operator), story(operator, begin=50_000, end=70_000)
    assert len(whole.context["picture"].dots) == 2
    assert len(part.context["picture"].dots) == 1
    assert "Whole story" in text(part)


@pytest.mark.parametrize("window", [{"begin": 5}, {"begin": "x", "end": 2}, {"begin": 9, "end": 3}])
def test_a_part_that_is_none_shows_the_whole_and_says_so(operator, order, window):
    answer = story(operator, **window)
    assert "was not understood" in text(answer)
    assert len(answer.context["picture"].dots) == 2


def test_the_picture_can_be_taken_away_as_a_file(operator, order):
    answer = operator.get(reverse("console:story_svg", args=["100001"]))
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Disposition"] == 'attachment; filename="story-100001.svg"'
    assert text(answer).startswith("<svg xmlns=")


def test_what_an_event_says_is_shown_on_demand(operator, order):
    address = reverse("console:payload", args=[order.id])
    assert address in text(story(operator))
    page = text(operator.get(address))
    assert "100001" in page
    assert "ada@example.com" not in page
