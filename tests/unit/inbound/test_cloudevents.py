"""What we put on the wire is a CloudEvent to everybody else."""

import json
import re
from datetime import UTC, datetime
from uuid import UUID

import jsonschema_rs
import pytest
from cloudevents.core.formats.json import JSONFormat

from eventbus.envelope import Envelope
from eventbus.messaging import broker
from shop.settings import BASE_DIR

SCHEMA = json.loads((BASE_DIR / "tests/data/cloudevents-1.0.2.schema.json").read_text())
IDS = [UUID(int=number) for number in range(3)]
#: An event that something caused, and one that begins a story and is about nothing.
CAUSED = Envelope(
    id=IDS[0],
    type="orders.OrderPlaced",
    version=2,
    subject="order 17",
    correlation_id=IDS[1],
    causation_id=IDS[2],
    traceparent=f"00-{IDS[1].hex}-{IDS[0].hex[16:]}-01",
    occurred_at=datetime(2026, 1, 31, 9, 0, 0, 5, UTC),
    data={"text": "Zoë & 日本", "price": "1.10", "lines": []},
)
FIRST = Envelope(**{**vars(CAUSED), "subject": "", "causation_id": None})

both = pytest.mark.parametrize("envelope", [CAUSED, FIRST], ids=["caused", "first"])


def on_the_wire(envelope: Envelope) -> dict:
    """As a foreign reader finds it in a message: the only argument of Celery's task."""
    (attributes,), _, _ = json.loads(json.dumps(broker.task_message(envelope).body))
    return attributes


@both
def test_the_envelope_is_valid_by_the_official_schema(envelope):
    jsonschema_rs.validator_for(SCHEMA, validate_formats=True).validate(on_the_wire(envelope))


@pytest.mark.parametrize("spoilt", [{"time": "31.1.2026"}, {"subject": ""}, {"id": 5}])
def test_the_official_schema_tells_a_wrong_one(spoilt):
    validator = jsonschema_rs.validator_for(SCHEMA, validate_formats=True)
    assert not validator.is_valid(on_the_wire(CAUSED) | spoilt)


@both
def test_attributes_are_named_and_typed_as_the_specification_has_it(envelope):
    attributes = on_the_wire(envelope)
    del attributes["data"]
    assert all(re.fullmatch(r"[a-z0-9]{1,20}", name) for name in attributes)
    assert all(isinstance(value, str | int) and value != "" for value in attributes.values())
    rfc_3339 = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    assert re.fullmatch(rfc_3339, attributes["time"])


@both
def test_the_sdk_reads_it_and_we_read_what_the_sdk_writes(envelope):
    attributes = on_the_wire(envelope)
    event = JSONFormat().read(None, json.dumps(attributes))
    assert (event.get_id(), event.get_type()) == (str(envelope.id), envelope.type)
    assert event.get_data() == envelope.data
    assert Envelope.from_wire(json.loads(JSONFormat().write(event))) == envelope


def test_what_is_empty_is_absent():
    assert {"subject", "causationid"} & on_the_wire(FIRST).keys() == set()
    assert {"subject", "causationid"} <= on_the_wire(CAUSED).keys()
