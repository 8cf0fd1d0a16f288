"""Task events are collected, and outlive the connection over which they could not be published."""

import pytest

from billing.celery import app
from eventbus.messaging import broker


@pytest.fixture
def published(monkeypatch):
    """Return what dispatchers publish from here on, by message."""
    messages = []
    monkeypatch.setattr(
        "celery.events.EventDispatcher._publish",
        lambda _, events, *__, **___: messages.append([event["uuid"] for event in events]),
    )
    return messages


def dispatcher(connection):
    return app.events.Dispatcher(connection, buffer_group=["task"])


def test_task_events_are_published_together(published):
    with broker.connect() as connection:
        ours = dispatcher(connection)
        for uuid in range(100):
            ours.send("task-received", uuid=uuid)
        assert published == []
        ours.flush()
    assert published == [list(range(100))]


def test_what_was_collected_when_the_connection_was_lost_goes_over_the_next(published):
    with broker.connect() as lost, broker.connect() as connection:
        before, after = dispatcher(lost), dispatcher(connection)
        before.send("task-received", uuid=1)
        before.close()
        after.extend_buffer(before)
        after.flush()
    assert published == [[1]]
