"""Events for Azure Service Bus, as they come out at a peer that is not Service Bus itself."""

import json
import socket
import threading
import time
from uuid import uuid4

import pytest

from eventbus.bridges.servicebus import sender
from eventbus.delivery.models import Delivery
from eventbus.testing import given, given_together
from tests.bridges import deliveries, states, switched_on, try_again
from tests.system.bridges.servicebus import Peer, running_peer
from tests.unit.eventbus.events import Called, Caller, Priced, Rang

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def peer():
    with running_peer("events") as running:
        yield running


@pytest.fixture(autouse=True)
def _bridge(settings, peer: Peer):
    settings.EVENTBUS_SERVICEBUS_CONNECTION_STRING = peer.connection_string
    settings.EVENTBUS_SERVICEBUS_TOPIC = "events"
    with switched_on("servicebus"):
        yield
        sender._connection().cut()
    sender._connection.drop()


def test_an_event_is_a_message_of_its_subjects_session_known_by_its_own_id(peer: Peer):
    event = Priced(thing="tea", price="3.50")
    given(event, to="servicebus")
    [message] = peer.read(1)
    assert message["message_id"] == str(event.id)
    assert message["group_id"] == "tea"
    assert (message["subject"], message["content_type"]) == ("tests.Priced", "application/json")
    assert json.loads(message["body"]) == {"thing": "tea", "price": "3.50", "note": ""}
    attributes = message["application_properties"]
    assert message["correlation_id"] == attributes["cloudEvents_correlationid"]
    assert attributes["cloudEvents_id"] == str(event.id)
    assert attributes["cloudEvents_source"] == "/tests"
    assert attributes["cloudEvents_eventversion"] == "2"
    assert attributes["cloudEvents_specversion"] == "1.0"


def test_a_copy_has_the_same_id_by_which_duplicates_are_known(peer: Peer):
    event = Rang(bell=uuid4())
    given(event, to="servicebus")
    Delivery.objects.filter(app="servicebus").update(state="parked")
    try_again("servicebus", event)
    assert [message["message_id"] for message in peer.read(2)] == [str(event.id)] * 2


def test_one_that_is_refused_fails_alone(peer: Peer):
    events = [Priced(thing=thing, price=1) for thing in ("a", "refused", "b")]
    with pytest.raises(AssertionError, match="not today"):
        given_together(*events, to="servicebus")
    assert states("servicebus", *events) == ["done", "failed", "done"]


def test_what_is_personal_is_blank_unless_its_type_is_allowed(peer: Peer, settings):
    nobody = Caller(name="Ada", country="GB")
    told = {"email": "ada@example.org", "note": None, "by": nobody, "with_them": (), "said": ()}
    events = [Called(bell=uuid4(), **told) for _ in range(2)]
    given(events[0], to="servicebus")
    settings.EVENTBUS_SERVICEBUS_PERSONAL = {"tests.Called"}
    given(events[1], to="servicebus")
    mails = {}
    while not mails.keys() >= {str(event.id) for event in events}:
        [message] = peer.read(1)
        mails[message["message_id"]] = json.loads(message["body"]).get("email")
    assert [mails.get(str(event.id)) for event in events] == ["", "ada@example.org"]


def test_a_server_that_says_nothing_is_given_up_in_time_and_holds_no_thread(settings, monkeypatch):
    monkeypatch.setattr("eventbus.bridges.outgoing.CALL_TIMEOUT", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        settings.EVENTBUS_SERVICEBUS_CONNECTION_STRING = Peer(0, None).connection_string.replace(
            "127.0.0.1:0", address
        )
        began = time.monotonic()
        with pytest.raises(AssertionError, match=r"did not answer within 0\.5 s"):
            given(Rang(bell=uuid4()), to="servicebus")
        assert time.monotonic() - began < 3
        for thread in threading.enumerate():
            if thread.name.startswith("servicebus"):
                thread.join(3)
                assert not thread.is_alive()


def test_neither_an_error_nor_what_is_kept_of_it_shows_the_key(settings):
    settings.EVENTBUS_SERVICEBUS_TOPIC = "nowhere"
    event = Rang(bell=uuid4())
    with pytest.raises(AssertionError) as failed:
        given(event, to="servicebus")
    assert "c2VjcmV0" not in str(failed.value)
    assert "c2VjcmV0" not in deliveries("servicebus", event)[0].error
    assert "c2VjcmV0" not in repr(sender._connection())
