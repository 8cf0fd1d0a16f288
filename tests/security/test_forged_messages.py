"""Who can write to the broker makes nothing happen: what no relay has signed does not run."""

import json
import zlib
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse
from kombu import compression
from kombu.exceptions import DecodeError
from kombu.serialization import loads

from eventbus.delivery.models import OutboxEvent
from eventbus.exceptions import EventTooLarge, MessageRejected
from eventbus.messaging import broker, message_validation, rejected_messages, signing
from eventbus.messaging.compression import TAKEN_FROM_ANYBODY
from eventbus.operations.models import RejectedMessage
from eventbus.testing import emit
from tests.security.messages import arrived, changed, outbox_row, sent
from tests.unit.eventbus.events import Priced, Rang

pytestmark = pytest.mark.django_db

UNSIGNED = "it is signed by no key of EVENTBUS_KEYS, or was changed since"


@pytest.fixture
def message():
    return sent(outbox_row(Rang(bell=uuid4())))


def refusal(message) -> str:
    with pytest.raises(MessageRejected) as refused:
        message_validation.check(message)
    return str(refused.value)


def test_what_a_relay_sent_is_let_in(message):
    message_validation.check(message)


def test_so_is_what_names_people_in_any_script():
    message_validation.check(
        sent(outbox_row(Priced(thing="Ödön — 商店 \U0001f6d2 \"'\\", price="1.50")))
    )


def test_what_is_not_signed_is_refused(message):
    del message.headers[signing.HEADER]
    assert refusal(message) == "it is not signed"


@pytest.mark.parametrize("given", [None, 5, [], "", ":", "x", "x:y", ":" * 1000, "é:é"])
def test_what_is_no_signature_is_refused(message, given):
    message.headers[signing.HEADER] = given
    assert "signed" in refusal(message)


@pytest.mark.parametrize("part", ["id", "type", "subject", "data", "time", "correlationid"])
def test_no_word_of_an_envelope_can_be_changed(message, part):
    other = {"bell": str(uuid4())} if part == "data" else str(uuid4())
    assert refusal(changed(message, {part: other})) == UNSIGNED


def test_the_signature_of_one_event_is_no_others(message):
    other = sent(outbox_row(Rang(bell=uuid4())))
    other.headers[signing.HEADER] = message.headers[signing.HEADER]
    assert refusal(other) == UNSIGNED


def test_an_event_is_not_run_as_another(message):
    message.headers["task"] = "billing.PaymentCompleted"
    assert refusal(message) == "it names another event than it holds"


@pytest.mark.parametrize(
    "asked",
    [
        {"eta": "2999-01-01T00:00:00+00:00"},
        {"expires": "2000-01-01T00:00:00+00:00"},
        {"retries": 3},
        {"timelimit": [1, 1]},
        {"group": "all"},
    ],
)
def test_a_signed_event_cannot_be_made_to_wait_or_repeat(message, asked):
    message.headers.update(asked)
    assert refusal(message) == "it asks for more than its reactions"


@pytest.mark.parametrize("place", [1, 2])
def test_nor_to_call_another_task_after_it(message, place):
    parts = json.loads(message.body)
    parts[place] = {"callbacks": [{"task": "billing.PaymentCompleted", "args": []}]}
    forged = arrived(json.dumps(parts), **message.headers)
    assert refusal(forged) == "it asks for more than its reactions"


class TestKeys:
    """Keys are changed without a stop."""

    def test_a_new_key_is_accepted_before_it_signs(self, message, settings):
        settings.EVENTBUS_KEYS = [*settings.EVENTBUS_KEYS, "the new one"]
        message_validation.check(message)

    def test_the_old_key_is_accepted_while_it_is_in_the_list(self, message, settings):
        settings.EVENTBUS_KEYS = ["the new one", *settings.EVENTBUS_KEYS]
        message_validation.check(message)

    def test_the_first_key_is_the_one_that_signs(self, message, settings):
        settings.EVENTBUS_KEYS = ["the new one", *settings.EVENTBUS_KEYS]
        fresh = sent(OutboxEvent.objects.get())
        settings.EVENTBUS_KEYS = ["the new one"]
        message_validation.check(fresh)

    def test_and_refused_once_it_is_gone(self, message, settings):
        settings.EVENTBUS_KEYS = ["the new one"]
        assert refusal(message) == UNSIGNED

    def test_a_signature_does_not_tell_its_key(self, settings):
        assert (
            settings.EVENTBUS_KEYS[0]
            not in sent(outbox_row(Rang(bell=uuid4()))).headers[signing.HEADER]
        )


#: What is no message of the bus at all, and worse.
GARBAGE = {
    "text": "not json",
    "nothing": "",
    "null": "null",
    "short": "[]",
    "no envelope": "[[1], {}, {}]",
    "not objects": '[[{"id": 1}], 5, 5]',
    "deep": "[" * 100_000,
    "deep envelope": f'[[{{"id": "{uuid4()}", "data": {"[" * 900}{"]" * 900}}}], {{}}, {{}}]',
    "a type of the codec's": '[[{"id": {"__type__": "decimal", "__value__": "1"}}], {}, {}]',
    "a broken type": '[[{"__type__": "uuid", "__value__": 5}], {}, {}]',
    "bytes": b"\xff\xfe",
    "a number": 5,
    "none": None,
}


@pytest.mark.parametrize("body", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_refused_and_never_raises_anything_else(body):
    refusal(arrived(body, task="orders.OrderPlaced", id=str(uuid4()), signature="a:b"))


@pytest.mark.parametrize(
    "headers", [{}, {"task": None}, {"task": []}, {"task": {}}, {"task": 5}, {"id": "?"}]
)
def test_a_message_without_a_name_is_refused(headers):
    assert refusal(arrived("[[{}], {}, {}]", **headers)) == "it names no event"


@pytest.mark.parametrize("kind", ["application/x-python-serialize", "application/x-yaml", None])
def test_only_json_is_read(kind, message):
    spoilt = arrived(message.body, kind, **message.headers)
    assert refusal(spoilt) in ("it is not JSON", "it holds no envelope")


#: What it unpacks to.
LARGE = b"0" * 1_000_000


@pytest.mark.parametrize("kind", [*compression.encoders(), "gzip", "zstd", "no such"])
def test_what_is_compressed_is_refused_unopened(kind):
    packed = zlib.compress(LARGE)
    message = arrived(packed, task="orders.OrderPlaced", id=str(uuid4()), compression=kind)
    assert message.body == packed
    assert refusal(message) == "it is compressed"


@pytest.mark.parametrize("encoding", ["zlib", "bz2", "hex", "utf-16", "binary", "UTF-8", None, 5])
@pytest.mark.parametrize("kind", ["application/json", *sorted(TAKEN_FROM_ANYBODY)])
def test_no_encoding_is_undone_but_the_relays(message, encoding, kind):
    message.content_type, message.content_encoding = kind, encoding
    assert refusal(message) == "it is not JSON"


@pytest.mark.parametrize("kind", sorted(TAKEN_FROM_ANYBODY))
def test_nothing_in_our_programs_unpacks_what_kombu_takes_from_anybody(kind):
    """Flower, say, which gets events and answers past a worker's gate."""
    with pytest.raises(DecodeError):
        loads(zlib.compress(LARGE), kind, "zlib", accept={"application/json"})


def test_an_event_too_large_to_be_taken_is_not_emitted(settings):
    settings.EVENTBUS_MAX_EVENT = 2000
    with pytest.raises(EventTooLarge, match="2,000 of EVENTBUS_MAX_EVENT"), transaction.atomic():
        emit(Priced(thing="x" * 2001, price="1"))
    assert not OutboxEvent.objects.exists()


def test_the_largest_event_that_is_emitted_is_taken(settings):
    settings.EVENTBUS_MAX_EVENT = 2000
    smallest = len(signing.as_text(Priced(thing="a", price="1").to_data()))
    largest = Priced(thing="a", price="1" * (2001 - smallest))
    message_validation.check(sent(outbox_row(largest)))


def test_a_message_larger_than_any_event_is_refused_unread(settings):
    limit = settings.EVENTBUS_MAX_EVENT + signing.ROOM
    assert refusal(arrived("x" * (limit + 1))).startswith("it is larger than")


def test_what_was_refused_is_counted_by_reason_and_shown(message, admin_client, caplog):
    message.headers["task"] = "orders.OrderPlaced\0\ud800" * 50
    for _ in range(3):
        rejected_messages.record_rejected("billing", message, "it is not signed")
    rejected_messages.record_rejected("billing", arrived(None), "it has no content")
    seen = RejectedMessage.objects.get(reason="it is not signed")
    assert (seen.app, seen.count, len(seen.last_task)) == ("billing", 3, 100)
    for page in (
        reverse("console:now"),
        reverse("admin:eventbus_operations_rejectedmessage_changelist"),
    ):
        assert "it is not signed" in admin_client.get(page).content.decode()
    assert 'reason="it is not signed"} 3.0' in admin_client.get("/metrics").content.decode()
    assert "rejected a message" in caplog.text


def test_what_a_refused_message_holds_is_not_told(caplog):
    body = json.dumps([[{"id": str(uuid4()), "email": "ada@example.com"}], {}, {}])
    forged = arrived(body, task="orders.OrderPlaced", email="ada@example.com")
    rejected_messages.record_rejected("billing", forged, refusal(forged))
    assert "ada@example.com" not in caplog.text


def test_a_signed_message_names_its_event_to_celery_alone(message):
    assert message.headers["argsrepr"].startswith("(")
    assert broker.task_message(OutboxEvent.objects.get().envelope).headers["task"] == "tests.Rang"
