"""What a worker finds in its queue that it cannot run neither stops it nor is lost."""

import pickle
import zlib
from pathlib import Path
from uuid import uuid4

import pytest
from kombu import Exchange

from devtools.waiting import wait_until
from eventbus.messaging import broker
from eventbus.operations.models import RejectedMessage
from tests.system.brokers.mail import WITHIN

GARBAGE = ["not json", "{}", "null", "[[1], {}, {}]", '[[{"specversion": "9"}], {}, {}]', ""]


@pytest.mark.parametrize("body", GARBAGE)
def test_garbage_stops_nothing(mail, environment, body):
    worker = environment.pid("app_b")
    for headers in ({}, {"task": "app_a.NoteSent", "id": str(uuid4())}):
        json = {"content_type": "application/json", "content_encoding": "utf-8"}
        mail.put_raw("app_b", body, headers, **json)
    mail.delivered()
    assert environment.pid("app_b") == worker


ORIGIN = b'"delivery_info": {"exchange": "", "routing_key": "app_b"}'
TAGGED = b'"delivery_tag": "1", %s' % ORIGIN
#: What lies in a list and is no message of kombu's.
ITEMS = {
    "not UTF-8": b"\xff\xfe\x00",
    "text": b"not json",
    "a number": b"5",
    "a huge number": b"9" * 5000,
    "null": b"null",
    "a list": b"[]",
    "deep": b"[" * 100_000,
    "deep, but whole": b"[" * 900 + b"]" * 900,
    "no properties": b"{}",
    "properties that are none": b'{"properties": 5}',
    "no tag": b'{"headers": {}, "properties": {%s}}' % ORIGIN,
    "a tag that is a list": b'{"headers": {}, "properties": {"delivery_tag": [], %s}}' % ORIGIN,
    "a tag that is null": b'{"headers": {}, "properties": {"delivery_tag": null, %s}}' % ORIGIN,
    "half a character as tag": b'{"properties": {"delivery_tag": "\\ud800", %s}}' % ORIGIN,
    "no origin": b'{"headers": {}, "properties": {"delivery_tag": "1"}}',
    "origin that is a list": b'{"properties": {"delivery_tag": "1", "delivery_info": [1]}}',
    "headers that are none": b'{"headers": 5, "properties": {%s}}' % TAGGED,
    "an unknown encoding": b'{"body": "x", "properties": {"body_encoding": "rot13", %s}}' % TAGGED,
    "an encoding that is none": b'{"body": "x", "properties": {"body_encoding": [], %s}}' % TAGGED,
    "no base64": b'{"body": "x", "properties": {"body_encoding": "base64", %s}}' % TAGGED,
    "a body that is a number": b'{"body": 5, "properties": {%s}}' % TAGGED,
    "a broken type": b'{"__type__": "decimal", "__value__": "x"}',
    "an unknown type": b'{"__type__": "x", "__value__": "x"}',
    "a type that is none": b'{"__type__": [], "__value__": "x"}',
}


# RabbitMQ has messages, and no lists.
@pytest.mark.parametrize("environment", ["valkey"], indirect=True)
def test_what_is_no_message_at_all_is_counted_and_stops_nothing(mail, environment):
    RejectedMessage.objects.all().delete()
    worker = environment.pid("app_b")
    for item in ITEMS.values():
        mail.put_item("app_b", item)
    mail.delivered()
    assert sum(RejectedMessage.objects.values_list("count", flat=True)) == len(ITEMS)
    assert environment.is_running("app_b")
    assert environment.pid("app_b") == worker


def test_what_is_not_json_is_not_opened(mail, tmp_path):
    mark = tmp_path / "opened"
    body = pickle.dumps(_Opens(mark))
    headers = {"task": "app_a.NoteSent", "id": str(uuid4())}
    pickled = {"content_type": "application/x-python-serialize", "content_encoding": "binary"}
    mail.put_raw("app_b", body, headers, **pickled)
    mail.delivered()
    assert not mark.exists()


class _Opens:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return self.path.touch, ()


@pytest.mark.parametrize("task", ["celery.backend_cleanup", "celery.chain", "os.system"])
def test_a_task_that_is_no_event_is_refused(mail, task):
    body = '[["echo"], {}, {"callbacks": null, "errbacks": null, "chain": null, "chord": null}]'
    json = {"content_type": "application/json", "content_encoding": "utf-8"}
    mail.put_raw("app_b", body, {"task": task, "id": str(uuid4())}, **json)
    mail.delivered()
    assert mail.depth("app_b") == 0


def test_a_forged_event_takes_no_effect(mail):
    note = mail.note(text="forged")
    forged = mail.envelope(mail.delivered(), id=uuid4(), subject=str(note.note))
    message = broker.task_message(forged)
    message.body[0][0]["data"]["text"] = "changed on its way"
    mail.put_raw("app_b", message.body, message.headers, serializer="json", **message.properties)
    mail.delivered()
    assert mail.begun(note) == {}


def test_an_event_nobody_emitted_takes_no_effect(mail):
    invented = mail.note()
    mail.put("app_b", mail.envelope(mail.delivered(), id=uuid4(), data=invented.to_data()))
    mail.delivered()
    assert mail.effects(invented) == {}


#: Where every worker listens for commands of Celery's.
COMMANDS = Exchange("celery.pidbox", "fanout", durable=False, delivery_mode="transient")
#: Some 200 kB which would be 200 MB.
PACKED = zlib.compress(b"0" * 200_000_000, 9)


def command(mail, body, headers, **properties):
    """Say this to every worker."""
    mail.put_raw("", body, headers, exchange=COMMANDS, declare=[COMMANDS], **properties)


def most_memory(pid):
    """The most bytes that a process has ever held."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


@pytest.mark.parametrize(
    "form", [{"content_type": "application/json"}, {"content_type": "application/data"}]
)
def test_what_is_packed_is_never_unpacked_and_is_counted(mail, environment, form):
    RejectedMessage.objects.all().delete()
    worker = environment.pid("app_b")
    before = most_memory(worker)
    headers = {"task": "app_a.NoteSent", "id": str(uuid4())}
    mail.put_raw("app_b", PACKED, headers | {"compression": "gzip"}, **form)
    mail.put_raw("app_b", PACKED, headers, **form, content_encoding="zlib")
    logged = len(environment.log("app_b"))
    command(mail, PACKED, {"compression": "gzip"}, **form)
    command(mail, PACKED, {}, **form, content_encoding="zlib")
    wait_until(
        lambda: environment.log("app_b")[logged:].count("refused a command") == 2, WITHIN, "refused"
    )
    counted = RejectedMessage.objects.filter(app="app_b")
    wait_until(lambda: counted.count() == 2, WITHIN, "both are refused")
    mail.delivered()
    assert set(counted.values_list("reason", flat=True)) == {"it is compressed", "it is not JSON"}
    assert environment.pid("app_b") == worker
    assert most_memory(worker) - before < len(PACKED) * 50


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("shutdown", {}),
        ("cancel_consumer", {"queue": "app_b"}),
        ("time_limit", {"task_name": "app_a.NoteSent", "hard": 0.001}),
        ("rate_limit", {"task_name": "app_a.NoteSent", "rate_limit": "1/h"}),
        ("pool_shrink", {"n": 1}),
    ],
)
def test_a_strangers_command_changes_nothing(mail, environment, method, arguments):
    said = {"method": method, "arguments": arguments}
    before = len(environment.log("app_b"))
    command(mail, said, {}, serializer="json")
    wait_until(lambda: "refused a command" in environment.log("app_b")[before:], WITHIN, "refused")
    mail.delivered()
    assert environment.is_running("app_b")
