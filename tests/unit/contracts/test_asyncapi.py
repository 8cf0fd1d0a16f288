"""The AsyncAPI document, and the console's pages of contracts."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from eventbus import registry
from eventbus.contracts.asyncapi import asyncapi
from eventbus.inbound.cloud_event import CloudEvent
from eventbus.inbound.queue import QUEUE
from tests.unit.console.conftest import clerk, operator, person  # noqa: F401
from tests.unit.eventbus.test_layers import without
from tests.unit.inbound.events import ParcelWeighed, StockCounted


@pytest.fixture(scope="module")
def document():
    return asyncapi()


def test_it_is_the_same_each_time(document):
    assert document == asyncapi()


def test_it_has_every_fact_and_no_deadline_or_task(document):
    facts = {type for type in registry.event_types() if registry.kind_of(type) == "event"}
    messages = set(document["components"]["messages"])
    assert {name for name in messages if not name.startswith("inbound.")} == facts


def test_a_foreign_event_comes_by_the_inbound_queue_as_its_source_sends_it(document):
    channel = document["channels"]["inbound"]
    assert channel["address"] == channel["bindings"]["amqp"]["exchange"]["name"] == QUEUE
    assert {f"inbound.{each.type}" for each in (StockCounted, ParcelWeighed)} <= set(
        channel["messages"]
    )
    message = document["components"]["messages"][f"inbound.{StockCounted.type}"]
    assert message["title"] == "acme.stock.counted"
    assert "Stated by //warehouse" in message["description"]
    stated = message["payload"]["allOf"][1]["properties"]
    assert stated["source"] == {"const": "//warehouse"}
    assert stated["data"] == {"$ref": f"#/components/schemas/{StockCounted.type}"}


def test_an_example_of_a_foreign_event_is_one_that_the_inbound_app_reads(document):
    message = document["components"]["messages"][f"inbound.{StockCounted.type}"]
    read = CloudEvent.read(message["examples"][0]["payload"])
    assert StockCounted.from_data(read.data)
    assert read.source == StockCounted.foreign_source


def test_nothing_is_said_of_an_inbound_queue_that_nobody_reads(monkeypatch):
    without("eventbus.inbound", monkeypatch)
    made = json.dumps(asyncapi())
    assert "inbound" not in made
    assert "foreign.cloudevent" not in made


def test_an_app_has_a_queue_of_what_it_reacts_to(document):
    queue = document["channels"]["queue.loyalty"]
    assert queue["bindings"]["amqp"]["queue"]["name"] == "loyalty"
    assert "orders.OrderPlaced" in queue["messages"]
    assert "fraud.OrderCleared" not in queue["messages"]


def test_an_event_is_published_to_the_durable_fan_out_exchange(document):
    binding = document["channels"]["orders.OrderPlaced"]["bindings"]["amqp"]
    assert binding["exchange"]["type"] == "fanout"
    assert binding["exchange"]["durable"]


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("redis+socket:///run/own/valkey.sock", {"host": "localhost", "protocol": "redis"}),
        ("rediss://u:secret@broker:6380/1", {"host": "broker:6380", "protocol": "rediss"}),
        (
            "amqp://u:secret@mq//shop",
            {"host": "mq", "protocol": "amqp", "protocolVersion": "0.9.1"},
        ),
    ],
)
def test_it_names_the_broker_and_tells_no_secret(settings, url, server):
    settings.EVENTBUS_BROKER_URL = url
    made = asyncapi()
    assert made["servers"]["broker"] == server
    assert "secret" not in json.dumps(made["servers"])


def test_it_is_written_to_a_file_or_refused_in_one_line(tmp_path, document):
    out = StringIO()
    call_command("asyncapi", "--output", str(tmp_path / "asyncapi.json"), stdout=out)
    assert json.loads((tmp_path / "asyncapi.json").read_text()) == document
    assert out.getvalue().startswith("AsyncAPI 3.1.0, Events of ")
    with pytest.raises(CommandError, match="No such file"):
        call_command("asyncapi", "--output", str(tmp_path / "no-folder" / "a.json"))


@pytest.mark.django_db
def test_the_console_shows_what_each_event_says(operator):  # noqa: F811
    page = operator.get(reverse("console:contracts")).content.decode()
    assert "A shopper placed an order; from here on it must end." in page
    assert "lines.unit_price" in page
    assert "billing.authorise_payment" in page


@pytest.mark.django_db
def test_the_console_gives_the_document_to_operators_alone(operator, clerk):  # noqa: F811
    address = reverse("console:asyncapi")
    assert operator.get(address).json()["asyncapi"] == "3.1.0"
    assert clerk.get(address).status_code == 403
