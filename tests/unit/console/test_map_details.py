"""The pages behind the map: one event and one app, from the code and from what goes on."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from eventbus import registry
from eventbus.console.map.details import app_details, event_details
from eventbus.console.map.location import location
from eventbus.delivery.pause import pause
from orders.events import OrderPlaced
from tests.unit.console.history import add_event, reacted

pytestmark = pytest.mark.django_db

BILLED = "billing.OrderBilled"


def text_of(client, name, argument, **headers):
    answer = client.get(reverse(f"console:{name}", args=[argument]), headers=headers)
    return answer.content.decode()


def test_an_event_names_everybody_who_reacts_and_where_that_is_written(operator):
    page = text_of(operator, "map_event", BILLED)
    for reaction in registry.reactions_to(BILLED):
        assert f"{reaction.app}.{reaction.name}" in page
        assert str(location(reaction.function)) in page


def test_an_event_names_everybody_who_may_emit_it_and_what_makes_them_run():
    emitters = {
        each.name: each.is_reaction for each in event_details("fraud.OrderCleared").emitters
    }
    assert emitters["fraud.screen_order"]
    assert False in emitters.values()
    assert all(each.location for each in event_details("fraud.OrderCleared").emitters)


def test_an_event_has_its_fields_a_schema_an_example_and_what_takes_it_back():
    found = event_details(OrderPlaced.type)
    assert [field.name for field in found.fields] == list(OrderPlaced.model_fields)
    assert '"properties"' in found.schema
    assert '"order_id"' in found.example
    assert found.compensated_by == "orders.OrderCancelled"


def test_an_event_tells_when_it_came_last_and_leads_to_its_story(operator):
    assert "never" in text_of(operator, "map_event", "orders.OrderHeld")
    event = add_event("orders.OrderHeld", uuid4())
    assert reverse("console:story", args=[event.id]) in text_of(
        operator, "map_event", "orders.OrderHeld"
    )


def test_a_failure_of_a_reaction_leads_to_the_page_of_the_failed(operator):
    reacted(add_event(BILLED, uuid4()), "shipping.ship_order", "parked")
    page = text_of(operator, "map_event", BILLED)
    assert f"{reverse('console:failed')}?app=shipping&amp;reaction=ship_order" in page
    assert "1 failed or parked" in page


def test_a_paused_reaction_says_so():
    pause("shipping", by="olga", reason="looking")
    paused = {each.name for each in event_details(BILLED).reacting if each.is_paused}
    assert paused == {"shipping.ship_order"}


def test_an_app_tells_what_it_promises_emits_and_reacts_to(operator):
    found = app_details("fraud")
    assert found.doc == __import__("fraud").__doc__.strip()
    assert {event.type for event in found.events} >= {"fraud.OrderCleared", "fraud.OrderFlagged"}
    assert "fraud.screen_order" in {each.name for each in found.reacting}
    assert "OrderCleared" in text_of(operator, "map_app", "fraud")


def test_every_event_and_every_app_has_its_page():
    for type in registry.event_types():
        assert event_details(type).type == type
    for app in registry.apps_with_reactions():
        assert app_details(app).name == app


@pytest.mark.parametrize("name", ["map_event", "map_app"])
def test_what_there_is_not_is_answered_in_words(operator, name):
    answer = operator.get(reverse(f"console:{name}", args=["<x>"]))
    assert answer.status_code == 404
    assert "“&lt;x&gt;”" in answer.content.decode()
    assert reverse("console:map") in answer.content.decode()


def test_the_panel_beside_the_map_gets_no_page_around_it(operator):
    part = text_of(operator, "map_event", BILLED, HX_Request="true")
    assert part.lstrip().startswith("<p")
    assert "<html" not in part
    assert 'id="panel-title"' in part


def test_a_place_in_the_code_is_a_path_of_the_project_and_a_line():
    found = location(OrderPlaced)
    written = Path(django_settings.BASE_DIR, found.path).read_text().splitlines()
    assert found.path == "orders/events.py"
    assert written[found.line - 1].startswith("class OrderPlaced(")


def test_a_place_in_the_code_is_a_link_where_the_project_says_where_it_is_read(operator, settings):
    settings.EVENTBUS_CONSOLE_SOURCE_URL = "https://code.example/{path}#L{line}"
    found = location(OrderPlaced)
    assert found.url == f"https://code.example/orders/events.py#L{found.line}"
    assert f'href="{found.url}"' in text_of(operator, "map_event", OrderPlaced.type)


def test_what_has_no_source_has_no_place():
    made = eval("lambda event: None")
    assert location(made) is None
