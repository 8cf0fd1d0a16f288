"""Systems of others, by programs that know nothing of ours: what they state, and what they read."""

import json
import os
import re
import signal
import subprocess
import sys
from uuid import uuid4

import pytest

from devtools.system import PROJECT
from devtools.waiting import wait_until
from eventbus.delivery.models import OutboxEvent
from eventbus.inbound.models import InboundEvent, RejectedEvent
from eventbus.inbound.queue import QUEUE
from eventbus.messaging import broker
from tests.node import installed
from tests.system.brokers.mail import WITHIN

EXAMPLES = PROJECT / "examples"
PRODUCER = [sys.executable, str(EXAMPLES / "foreign-producer" / "producer.py")]
SOURCE, TYPE = "//scales", "scales.weighed"
ONCE = {("app_a", "weigh"): 1}

only_rabbitmq = pytest.mark.parametrize("environment", ["rabbitmq"], indirect=True)


def address_of(environment):
    """The broker's address as others write it: kombu alone knows // for the virtual host /."""
    return re.sub("//$", "/%2f", environment.url)


class Scales:
    """A foreign system that weighs notes."""

    def __init__(self, environment, mail):
        self._url, self._mail = address_of(environment), mail

    def run(self, note, *options, source=SOURCE, type=TYPE, url="", **data):
        """Have the example send an event; returns how it ended."""
        data = json.dumps({"note": str(note.note), "grams": 20} | data)
        return subprocess.run(
            [*PRODUCER, source, type, data, *options],
            env=os.environ | {"BROKER_URL": url or self._url},
            capture_output=True,
            text=True,
        )

    def send(self, note, *options, **fields):
        done = self.run(note, *options, **fields)
        assert done.returncode == 0, done.stderr

    def event(self, note, **attributes):
        usual = {"specversion": "1.0", "id": str(uuid4()), "source": SOURCE, "type": TYPE}
        data = {"note": str(note.note), "grams": 20}
        return json.dumps(usual | {"data": data} | attributes).encode()

    def put(self, *contents):
        """Put on the inbound queue whatever this is."""
        with broker.connect() as connection:
            if broker.is_rabbitmq():
                for content in contents:
                    connection.default_channel.basic_publish(
                        connection.default_channel.prepare_message(content), exchange=QUEUE
                    )
            else:
                for content in contents:
                    connection.default_channel.client.lpush(QUEUE, content)

    def wait_until_weighed(self, note):
        wait_until(lambda: self._mail.effects(note) == ONCE, WITHIN, "the note is weighed")

    def wait_until_taken(self):
        """Wait until nothing waits for us, and all that was given to us is acknowledged."""
        wait_until(lambda: self._mail.depth(QUEUE) == 0, WITHIN, "all is taken")


@pytest.fixture
def scales(environment, mail):
    return Scales(environment, mail)


def test_a_foreign_event_takes_effect_once_however_often_it_comes(mail, environment, scales):
    note, id = mail.note(), "weighing-1"
    scales.send(note, "--id", id, "--times", "3")
    environment.start("inbound")
    scales.wait_until_weighed(note)
    scales.send(note, "--id", id)
    last = mail.note()
    scales.send(last)
    scales.wait_until_weighed(last)
    row = InboundEvent.objects.get(source=SOURCE, foreign_id=id)
    assert OutboxEvent.objects.get(subject=str(note.note)).id == row.event_id
    assert mail.effects(note) == ONCE


#: What comes, and why it is rejected.
WRONG = {
    b"\xff\x00": "it is not JSON",
    b"[" * 100_000: "it is not JSON",
    b"": "it is not JSON",
    b"[[{}], {}, {}]": "it is no CloudEvent",
    b"x" * 1_200_000: "it is too large",
}


def test_what_is_wrong_is_kept_with_its_reason_and_holds_up_nothing(mail, environment, scales):
    RejectedEvent.objects.all().delete()
    environment.start("inbound")
    process, good = environment.pid("inbound"), mail.note()
    forged = scales.event(mail.note(), type="app_a.NoteSent", source="/app_a")
    scales.put(*WRONG, forged, scales.event(good, source="//else"), scales.event(good))
    scales.wait_until_weighed(good)
    reasons = list(RejectedEvent.objects.order_by("pk").values_list("reason", flat=True))
    expected = [*WRONG.values(), "its type is not declared", "it is of the wrong source"]
    assert [reason.partition(":")[0] for reason in reasons] == [
        "it is no CloudEvent with JSON in it" if each == "it is no CloudEvent" else each
        for each in expected
    ]
    assert environment.pid("inbound") == process
    assert environment.is_running("inbound")


def test_a_killed_process_takes_each_event_once(mail, environment, scales):
    before = InboundEvent.objects.count()
    scales.put(*(scales.event(mail.note(), id=f"killed {n}") for n in range(300)))
    environment.start("inbound")
    taken = InboundEvent.objects.filter(foreign_id__startswith="killed")
    for enough in (50, 150):
        wait_until(lambda enough=enough: taken.count() >= enough, WITHIN, "some are taken")
        environment.stop("inbound", signal.SIGKILL)
        environment.start("inbound")
    scales.wait_until_taken()
    wait_until(lambda: taken.count() == 300, WITHIN, "all are taken")
    assert InboundEvent.objects.count() == before + 300


def test_connections_that_are_cut_lose_no_foreign_event(mail, environment, scales):
    environment.start("inbound")
    process = environment.pid("inbound")
    environment.proxy.cut()
    note = mail.note()
    scales.send(note)
    scales.wait_until_weighed(note)
    assert environment.pid("inbound") == process


@only_rabbitmq
def test_a_foreign_user_can_write_to_the_inbound_exchange_alone(mail, environment, scales):
    server = environment.server
    for command in (
        ("add_user", "scales", "secret"),
        ("set_permissions", "scales", "^$", rf"^{re.escape(QUEUE)}$", "^$"),
    ):
        assert server.control(*command).returncode == 0
    url = re.sub("//.*@", "//scales:secret@", address_of(environment))
    environment.start("inbound")
    note = mail.note()
    scales.send(note, url=url)
    scales.wait_until_weighed(note)
    for exchange in ("", "shop.events", "shop.events.app_a"):
        with broker.connect() as connection:
            connection = connection.clone(userid="scales", password="secret")
            channel = connection.default_channel
            with pytest.raises(connection.channel_errors, match="ACCESS_REFUSED"):
                channel.basic_publish(
                    channel.prepare_message(b"{}"), exchange=exchange, routing_key="app_a"
                )
            connection.release()


CONSUMERS = {
    "node": lambda: ["node", str(installed(EXAMPLES / "node-consumer") / "consumer.js")],
    "python": lambda: [sys.executable, str(EXAMPLES / "python-consumer" / "consumer.py")],
}


@only_rabbitmq
@pytest.mark.parametrize("consumer", CONSUMERS)
def test_a_foreign_program_reads_our_events_as_cloud_events(mail, environment, consumer):
    program = subprocess.Popen(
        [*CONSUMERS[consumer](), "--name", f"reads-{consumer}", "--count", "2", "app_a.Note*", "#"],
        env=os.environ | {"BROKER_URL": address_of(environment)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert "listens to" in program.stderr.readline()
        note = mail.sent(does={"app_a": "answer"}, text="Zoë & 日本")
        out, err = program.communicate(timeout=WITHIN)
    finally:
        program.kill()
    sent, answered = sorted(map(json.loads, out.splitlines()), key=lambda event: event["time"])
    assert program.returncode == 0, err
    assert (sent["type"], sent["source"], sent["id"]) == ("app_a.NoteSent", "/app_a", str(note.id))
    assert sent["data"] == note.to_data()
    assert "causationid" not in sent
    assert answered["causationid"] == answered["correlationid"] == sent["id"]
    assert answered["eventversion"] == 1
