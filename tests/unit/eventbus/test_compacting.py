"""What was read is to leave the append-only file of Redis/Valkey, against a real server."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from devtools.waiting import wait_until
from eventbus.history import redaction_job
from eventbus.messaging import broker
from eventbus.messaging.relay_process import RelayLoop

pytestmark = pytest.mark.skipif(
    "broker.is_rabbitmq()", reason="RabbitMQ deletes a part of a queue that is read by itself"
)


@pytest.fixture
def publisher():
    publisher = broker.Publisher()
    yield publisher
    publisher.close()


@pytest.fixture
def client(publisher):
    return publisher.connection.default_channel.client


@pytest.fixture
def in_file(client):
    """Return whether a word stands in any file of the server."""
    folder = Path(client.config_get("dir")["dir"])

    def in_file(word: str) -> bool:
        files = [path for path in folder.rglob("*") if path.is_file()]
        return any(word.encode() in path.read_bytes() for path in files)

    return in_file


@pytest.fixture
def read(client) -> str:
    """A word that was in a queue, and is no more."""
    word = uuid4().hex
    client.lpush("of-this-test", word)
    client.rpop("of-this-test")
    return word


def written(client) -> bool:
    about = client.info("persistence")
    return not about["aof_rewrite_in_progress"] and not about["aof_rewrite_scheduled"]


def test_what_was_read_leaves_the_file_when_it_is_compacted(publisher, client, in_file, read):
    wait_until(lambda: in_file(read), 120, "the word in the file")
    assert publisher.compact()
    wait_until(lambda: written(client) and not in_file(read), 120, "the word out of the file")


def test_nothing_is_written_anew_where_nothing_was_written(publisher, client, read):
    wait_until(lambda: written(client), 120, "any earlier one")
    assert publisher.compact()
    wait_until(lambda: written(client), 120, "the end of it")
    assert not publisher.compact()


def test_the_file_is_compacted_when_a_redaction_has_ended(monkeypatch, settings):
    settings.EVENTBUS_COMPACT_EVERY = timedelta()
    compacted, loop = [], RelayLoop()

    class Publisher:
        def compact(self):
            compacted.append(True)

    for ended in (False, True):
        monkeypatch.setattr(redaction_job, "run_pending", lambda ended=ended: ended)
        redaction_job.run()
        loop._compact(Publisher())
        assert bool(compacted) is ended
