"""`manage.py inbound` and `manage.py rejected_events`."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from eventbus import registry
from eventbus.inbound.models import InboundEvent, RejectedEvent
from eventbus.inbound.receiving import receive
from tests.unit.inbound.events import StockCounted

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def elsewhere(counted, monkeypatch):
    """An event that came while its class named another source."""
    with monkeypatch.context() as patch:
        patch.setattr(StockCounted, "foreign_source", "//elsewhere")
        receive(json.dumps(counted).encode(), via="shop.inbound")


def test_without_a_foreign_event_there_is_nothing_to_take_in(monkeypatch):
    monkeypatch.setattr(registry, "_foreign", {})
    with pytest.raises(CommandError, match="no event of this project has a foreign_source"):
        run("inbound")


def test_rejected_events_are_shown_without_what_they_hold(elsewhere):
    out = run("rejected_events", "list")
    assert "count-17" in out
    assert "it is of the wrong source" in out
    assert "MUG-1" not in out


def test_rejected_events_are_shown_to_programs(elsewhere):
    (row,) = json.loads(run("rejected_events", "list", "--json"))
    assert (row["source"], row["foreign_id"], row["count"]) == ("//warehouse", "count-17", 1)


def test_what_a_stranger_calls_itself_cannot_change_the_terminal(counted):
    receive(json.dumps(counted | {"id": "\x1b[2J", "type": "x\ny"}).encode(), via="shop.inbound")
    out = run("rejected_events", "list")
    assert "\x1b" not in out
    assert len(out.splitlines()) == 2


def test_nothing_rejected_is_said():
    assert run("rejected_events", "list") == "No foreign event was rejected.\n"


def test_rejected_events_are_tried_again(elsewhere):
    receive(b"nothing", via="shop.inbound")
    assert run("rejected_events", "retry") == "1 accepted, 1 still rejected\n"
    assert InboundEvent.objects.count() == 1


def test_one_of_them_is_tried_again(elsewhere):
    receive(b"nothing", via="shop.inbound")
    number = RejectedEvent.objects.get(type="").pk
    assert run("rejected_events", "retry", str(number)) == "0 accepted, 1 still rejected\n"


def test_a_number_that_is_not_there_is_named(elsewhere):
    with pytest.raises(CommandError, match="no rejected event 999999"):
        run("rejected_events", "retry", "999999")
