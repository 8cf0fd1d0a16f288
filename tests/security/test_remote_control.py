"""Who can write to the broker may look at a worker, and steers none."""

import json

import pytest
from celery.worker.control import Panel
from flower.inspector import Inspector

from billing.celery import app
from tests.security.messages import arrived

NAME = "billing@here"


class Obeyed(dict):
    """Handlers of every command of Celery's, which only tell how they were called."""

    def __init__(self):
        super().__init__({name: self._telling(name) for name in Panel.data})
        self.calls = {}

    def _telling(self, name):
        def handler(state, **arguments):
            self.calls[name] = arguments
            return {"ok": name}

        return handler


@pytest.fixture
def node():
    return app.control.mailbox.Node(NAME, handlers=Obeyed())


def command(method, arguments=None, **more):
    """A command of somebody who has no key."""
    return arrived(json.dumps({"method": method, "arguments": arguments or {}, **more}))


class Wire:
    """Takes what is published."""

    def publish(self, message, **_):
        self.message = message


def given(method, **arguments):
    """A command as a program of ours sends it."""
    wire = Wire()
    app.control.mailbox._publish(method, arguments, channel=object(), producer=wire)
    return wire.message


def test_of_all_commands_there_are_strangers_can_only_look(node):
    for name in sorted(Panel.data):
        node.handle_message(None, command(name, {"task_id": "x", "safe": False}))
    looking = {*Inspector.inspect_methods, "ping", "enable_events"}
    assert set(node.handlers.calls) == looking


def test_what_messages_hold_is_shown_to_nobody(node):
    node.handle_message(None, command("active", {"safe": False}))
    node.handle_message(None, command("conf", {"with_defaults": True}))
    assert node.handlers.calls == {"active": {"safe": True}, "conf": {}}


def test_what_is_not_obeyed_is_not_obeyed_from_our_own_programs_either(node):
    for name in sorted(Panel.data):
        node.handle_message(None, arrived(json.dumps(given(name))))
    looking = {*Inspector.inspect_methods, "ping", "enable_events"}
    assert set(node.handlers.calls) <= looking | {"revoke", "terminate"}


@pytest.mark.parametrize("name", ["revoke", "terminate"])
def test_a_program_of_ours_can_end_a_task(node, name):
    asked = {"task_id": "7", "signal": "SIGTERM"}
    node.handle_message(None, arrived(json.dumps(given(name, **asked))))
    assert node.handlers.calls == {name: asked}


@pytest.mark.parametrize("change", [{"task_id": "8"}, {"terminate": True}, {"signature": None}])
def test_no_word_of_a_signed_command_can_be_changed(node, change):
    sent = given("revoke", task_id="7")
    sent["arguments"] |= change
    node.handle_message(None, arrived(json.dumps(sent)))
    assert not node.handlers.calls


def test_a_signature_is_of_one_command_alone(node):
    sent = {**given("revoke", task_id="7", signal="KILL"), "method": "terminate"}
    node.handle_message(None, arrived(json.dumps(sent)))
    assert not node.handlers.calls


def test_a_command_for_another_worker_is_not_done(node):
    node.handle_message(None, command("ping", destination=["orders@here"]))
    node.handle_message(None, command("stats", destination=[NAME]))
    assert set(node.handlers.calls) == {"stats"}


ODD = {
    "a pattern that takes for ever": {"pattern": "(b*)*c" * 9},
    "a way to match it": {"matcher": "pcre"},
    "a list of numbers": {"destination": [1]},
    "an answer into a queue": {
        "reply_to": {"exchange": "", "routing_key": "billing"},
        "ticket": "1",
    },
    "arguments that are none": {"arguments": [1]},
    "a name that is none": {"method": ["ping"]},
    "more than there is": {"something": 1},
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_what_celery_would_not_send_is_no_command(node, odd):
    node.handle_message(None, arrived(json.dumps({"method": "ping", "arguments": {}, **odd})))
    assert not node.handlers.calls


BODIES = ["", "null", "[]", "5", '{"method": 5}', "[" * 100_000, b"\xff", None, 5, "x" * 10_000_000]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_garbage_is_no_command_and_raises_nothing(node, body):
    node.handle_message(None, arrived(body))
    assert not node.handlers.calls


def test_a_command_that_says_it_is_packed_is_not_even_read(node):
    readable = command("ping")
    node.handle_message(None, arrived(readable.body, compression="zlib"))
    readable.content_encoding = "zlib"
    node.handle_message(None, readable)
    assert not node.handlers.calls


def test_a_strangers_clock_does_not_set_ours(node):
    before = app.clock.value
    node.handle_message(None, arrived(command("ping").body, clock=2**80))
    assert app.clock.value == before


def test_the_refusal_is_the_answer(node):
    assert node.handle("shutdown") == {"error": "workers do not obey this command"}
    assert node.handle("revoke", {"task_id": "7"}) == {"error": "it is not signed"}
