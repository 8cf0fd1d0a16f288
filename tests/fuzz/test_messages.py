"""Whatever stands in a queue: an event of ours, or refused by name."""

import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eventbus import registry
from eventbus.envelope import Envelope
from eventbus.exceptions import BusError, MessageRejected
from eventbus.messaging import message_validation, signing
from tests.fuzz import bounded
from tests.security.messages import arrived

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
RIGHT = Envelope(
    id=UUID(int=1),
    type="orders.OrderPlaced",
    version=1,
    subject="1",
    correlation_id=UUID(int=1),
    causation_id=None,
    traceparent="",
    occurred_at=datetime(2026, 1, 1, tzinfo=UTC),
    data={},
).to_wire()
ODD = ["\0", "\ud800", "9" * 5000, "1e999", "[" * 50, "\u202e", "", " ", "null"]
VALUE = JSON | st.sampled_from(ODD)
WIRES = st.dictionaries(st.sampled_from(sorted(RIGHT)), VALUE, max_size=3).map(
    lambda changes: RIGHT | changes
)
TYPES = st.sampled_from([t for t in registry.event_types() if not t.startswith("tests.")])


@bounded
@given(st.binary(max_size=200) | st.text(max_size=200) | JSON.map(json.dumps) | JSON)
@example("[" * 100_000)
@example('[[{"id": {"__type__": "uuid", "__value__": {"hex": 5}}}], {}, {}]')
@example('[[{"__type__": "decimal", "__value__": "x"}], {}, {}]')
@example(5)
def test_a_body_of_any_kind_is_refused(body):
    with pytest.raises(MessageRejected):
        message_validation.check(
            arrived(body, task="orders.OrderPlaced", id=str(uuid4()), signature="a:b")
        )


@bounded
@given(st.dictionaries(st.sampled_from(["task", "id", "signature", "eta", "retries"]), VALUE))
@example({"task": [], "id": {}})
@example({"task": "\ud800", "signature": "\ud800:\ud800"})
def test_headers_of_any_kind_are_refused(headers):
    with pytest.raises(MessageRejected):
        message_validation.check(arrived(json.dumps([[RIGHT], {}, {}]), **headers))


@bounded
@given(WIRES | VALUE)
@example(RIGHT | {"eventversion": float("inf")})
@example(RIGHT | {"eventversion": "9" * 5000})
@example(RIGHT | {"time": 5})
@example(RIGHT | {"id": ["a"]})
def test_an_envelope_is_read_or_refused_by_name(wire):
    try:
        Envelope.from_wire(wire).event()
    except BusError as error:
        assert str(error)  # noqa: PT017 it may also be read


@bounded
@given(WIRES | VALUE, st.text(max_size=80) | st.sampled_from([*ODD, "a:b", "é:é"]))
@example({"deep": json.loads('{"a":' * 900 + "1" + "}" * 900)}, "")
def test_no_made_up_signature_fits(wire, given):
    with pytest.raises(MessageRejected):
        signing.check(wire, given)


@bounded
@given(TYPES, JSON)
def test_data_is_an_event_or_refused_naming_the_event(type, data):
    known = registry.event_class(type, 1)
    try:
        known.from_data(data)
    except BusError as error:
        assert type in str(error)  # noqa: PT017 it may also be read


@bounded
@given(JSON)
def test_what_was_signed_is_the_same_after_the_way(value):
    """Whatever JSON carries, its signature fits when it comes out of the broker."""
    wire = {"data": value}
    came = json.loads(json.dumps(wire))
    signing.check(came, signing.signature(wire))
