"""The page of a story: found by whatever names it, looked at closely, told in words."""

from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from eventbus.delivery.models import OutboxEvent
from eventbus.delivery.pause import pause
from tests.unit.console.history import add_event, placed, reacted
from tests.unit.eventbus.test_workers import seen

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
    assert "end: " in text(answer) or "begin: " in text(answer)
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


def test_the_sentence_on_top_says_why_it_is_not_done_and_where_one_mends_it(operator, order):
    answer = story(operator)
    assert "Not done: shipping.prepare has been parked since" in text(answer)
    assert answer.context["standing"].reasons[0].link in text(answer)


def test_the_sentence_shows_no_address(operator, confidant, order):
    assert "ada@example.com" not in story(operator).context["standing"].sentence
    assert "ada@example.com" in story(confidant).context["standing"].sentence


def test_the_axis_is_kept_in_every_link_the_address_and_the_file(operator, order):
    answer = story(operator, begin=0, end=70_000, axis="linear")
    look = answer.context["look"]
    assert look.query == "?begin=0&end=70000&axis=linear"
    assert all("axis=linear" in part.query for part in answer.context["parts"])
    assert (look.whole.query, look.other_axis.query) == ("?axis=linear", "?begin=0&end=70000")
    file = reverse("console:story_svg", args=["100001"])
    assert f'href="{file}?begin=0&amp;end=70000&amp;axis=linear"' in text(answer)
    assert text(operator.get(file, {"axis": "linear"})) != text(operator.get(file))


def test_an_axis_that_is_none_is_named(operator, order):
    answer = story(operator, axis="round")
    assert "axis: Select a valid choice" in text(answer)
    assert not answer.context["look"].is_linear


def test_the_address_to_share_leads_to_the_same_view_and_says_nothing_of_people(confidant, order):
    shared = story(confidant, begin=0, end=70_000, axis="linear").context["share"]
    assert shared == "http://testserver/console/story/100001/?begin=0&end=70000&axis=linear"
    seen = confidant.get(shared)
    assert seen.context["look"].query == "?begin=0&end=70000&axis=linear"


def test_who_opens_a_shared_address_logs_in_and_sees_that_view(order):
    olga = User.objects.create_superuser("olga", password="secret")
    shared = reverse("console:story", args=["100001"]) + "?axis=linear"
    visitor = Client()
    login = visitor.get(shared)["Location"]
    came = visitor.post(login, {"username": olga.username, "password": "secret"}, follow=True)
    assert came.redirect_chain[-1][0] == shared
    assert came.context["look"].is_linear


def poll(client, seen, **more):
    address = reverse("console:story", args=["100001"])
    return client.get(address, {"seen": seen, **more}, headers={"HX-Request": "true"})


def test_an_open_page_is_told_nothing_while_nothing_has_changed(operator, order):
    answer = story(operator)
    version = answer.context["version"]
    assert f'hx-get="?&amp;seen={version}"' in text(answer)
    assert poll(operator, version).status_code == 204


def test_to_ask_whether_anything_has_changed_takes_two_statements(operator, order):
    version = story(operator).context["version"]
    with CaptureQueriesContext(connection) as asked:
        poll(operator, version)
    of_the_bus = [query["sql"] for query in asked if "eventbus_" in query["sql"]]
    assert len(of_the_bus) == 2, "by number, and the version"


@pytest.mark.parametrize(
    "change",
    [
        lambda order: add_event("orders.OrderHeld", order.subject),
        lambda order: order.deliveries.filter(app="billing").update(state="waiting"),
        lambda order: order.deliveries.filter(app="billing").update(attempts=9),
        lambda order: pause("shipping", by="olga", reason="strike"),
        lambda order: seen("shipping"),
        lambda order: OutboxEvent.objects.filter(pk=order.pk).update(published_at=None),
    ],
    ids=["event", "state", "attempt", "pause", "worker", "published"],
)
def test_an_open_page_gets_its_part_anew_when_anything_has_changed(operator, order, change):
    version = story(operator).context["version"]
    change(order)
    answer = poll(operator, version, axis="linear")
    assert answer.status_code == 200
    assert text(answer).startswith('<div id="story-live"')
    assert "axis=linear" in text(answer)


def test_another_orders_news_are_none_of_it(operator, order):
    version = story(operator).context["version"]
    reacted(placed(uuid4(), "100002"), "billing.authorize")
    assert poll(operator, version).status_code == 204


def test_an_open_page_asks_no_more_once_it_is_done(operator, order):
    version = story(operator).context["version"]
    order.deliveries.filter(app="shipping").update(state="done")
    add_event("orders.OrderCompleted", order.subject, cause=order)
    answer = poll(operator, version)
    assert answer.status_code == 286
    assert "Done: ended by orders.OrderCompleted" in text(answer)
    assert "hx-trigger" not in text(answer)


def test_the_address_of_a_part_opens_the_whole_page(operator, order):
    version = story(operator).context["version"]
    assert "<h1>" in text(story(operator, seen=version))
