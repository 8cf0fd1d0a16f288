"""What a worker finds in its queue that it cannot run neither stops it nor is lost."""

import pickle
from uuid import uuid4

import pytest

from shop.bus import broker
from shop.bus.models import OutboxEvent


def stated(mail, **fields):
    """An event that another code than ours stated and published."""
    envelope = mail.envelope(mail.delivered(), id=uuid4(), **fields)
    OutboxEvent.objects.create(
        id=envelope.id,
        type=envelope.type,
        version=envelope.version,
        subject=envelope.subject,
        correlation_id=envelope.correlation_id,
        traceparent=envelope.traceparent,
        data=envelope.data,
        stated_at=envelope.stated_at,
        publish_after=envelope.stated_at,
        published_at=envelope.stated_at,
    )
    return envelope


def test_an_event_type_this_code_does_not_know_is_parked_with_its_reason(mail):
    envelope = stated(mail, type="doves.OfTomorrow")
    mail.put("ravens", envelope)
    assert "unknown event type doves.OfTomorrow" in mail.wait_for_parked(envelope, "ravens")


def test_a_newer_version_is_parked_with_its_reason(mail):
    envelope = stated(mail, version=99)
    mail.put("ravens", envelope)
    assert "has version 99, this code knows 2" in mail.wait_for_parked(envelope, "ravens")


def test_an_event_that_does_not_fit_its_class_is_parked_with_its_reason(mail):
    envelope = stated(mail, data={"note": "not an id"})
    mail.put("ravens", envelope)
    assert "note" in mail.wait_for_parked(envelope, "ravens")


def test_an_older_version_is_understood(mail):
    envelope = stated(mail, version=1)
    mail.publish(envelope)
    mail.wait_until_done(envelope)


def test_fields_that_newer_code_added_are_ignored(mail):
    note = mail.delivered()
    data = {**mail.envelope(note).data, "of_tomorrow": [1, 2]}
    envelope = stated(mail, data=data)
    mail.publish(envelope)
    mail.wait_until_done(envelope)


GARBAGE = ["not json", "{}", "null", "[[1], {}, {}]", '[[{"specversion": "9"}], {}, {}]', ""]


@pytest.mark.parametrize("body", GARBAGE)
def test_garbage_stops_nothing(mail, rig, body):
    worker = rig.pid("ravens")
    for headers in ({}, {"task": "doves.NoteSent", "id": str(uuid4())}):
        json = {"content_type": "application/json", "content_encoding": "utf-8"}
        mail.put_raw("ravens", body, headers, **json)
    mail.delivered()
    assert rig.pid("ravens") == worker


def test_what_is_not_json_is_not_opened(mail, tmp_path):
    mark = tmp_path / "opened"
    body = pickle.dumps(_Opens(mark))
    headers = {"task": "doves.NoteSent", "id": str(uuid4())}
    pickled = {"content_type": "application/x-python-serialize", "content_encoding": "binary"}
    mail.put_raw("ravens", body, headers, **pickled)
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
    mail.put_raw("ravens", body, {"task": task, "id": str(uuid4())}, **json)
    mail.delivered()
    assert mail.depth("ravens") == 0


def test_a_forged_event_takes_no_effect(mail):
    note = mail.note(text="forged")
    forged = mail.envelope(mail.delivered(), id=uuid4(), subject=str(note.note))
    message = broker.task_message(forged)
    message.body[0][0]["data"]["text"] = "changed on its way"
    mail.put_raw("ravens", message.body, message.headers, serializer="json", **message.properties)
    mail.delivered()
    assert mail.begun(note) == {}


def test_an_event_nobody_stated_takes_no_effect(mail):
    invented = mail.note()
    mail.put("ravens", mail.envelope(mail.delivered(), id=uuid4(), data=invented.to_data()))
    mail.delivered()
    assert mail.effects(invented) == {}
