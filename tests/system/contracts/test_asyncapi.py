"""The AsyncAPI document, as AsyncAPI's own parser reads it.

`make test-system` installs the parser by its lock file.
"""

import json
import subprocess
from copy import deepcopy
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from eventbus.inbound.queue import QUEUE
from tests.unit.inbound.events import ParcelWeighed, StockCounted

NODE = Path(__file__).parent / "node"
#: Seconds; half of the time is the parser's.
WITHIN = 120
EVENT = "fraud.OrderCleared"


def document() -> dict[str, Any]:
    """What `manage.py asyncapi` prints."""
    out = StringIO()
    call_command("asyncapi", "--json", stdout=out)
    return json.loads(out.getvalue())


def alone(whole: dict[str, Any]) -> dict[str, Any]:
    """The same with one event that is published, and nothing else."""
    publish = f"publish.{EVENT}"
    made = {
        "channels": {EVENT: whole["channels"][EVENT]},
        "operations": {publish: whole["operations"][publish]},
    }
    messages = {EVENT: whole["components"]["messages"][EVENT]}
    return whole | made | {"components": whole["components"] | {"messages": messages}}


def with_wrong_example(whole: dict[str, Any]) -> dict[str, Any]:
    wrong = deepcopy(alone(whole))
    [example] = wrong["components"]["messages"][EVENT]["examples"]
    example["payload"][0][0]["data"]["score"] = "high"
    return wrong


@pytest.fixture(scope="module")
def told() -> list[dict[str, Any]]:
    """What the parser says of our document, and of one with a wrong example."""
    whole = document()
    done = subprocess.run(
        ["node", "parse.mjs"],
        cwd=NODE,
        input=json.dumps([whole, with_wrong_example(whole)]),
        capture_output=True,
        text=True,
        timeout=WITHIN,
    )
    assert done.returncode == 0, f"{done.stderr}\nnpm ci in {NODE} installs the parser"
    return json.loads(done.stdout)


def test_the_parser_has_nothing_to_say_against_it(told):
    assert told[0]["diagnostics"] == []


def test_every_example_fits_its_schemas(told):
    assert told[0]["faults"] == []


def test_an_example_that_does_not_fit_would_be_told(told):
    """Else the test above would say nothing."""
    assert told[1]["faults"] == ["/0/0/data/score must be integer"]


def test_who_publishes_sends_and_who_reacts_receives(told):
    operations = told[0]["operations"]
    assert operations["publish.orders.OrderPlaced"] == {
        "action": "send",
        "address": "orders.OrderPlaced",
        "messages": ["orders.OrderPlaced"],
    }
    assert operations["billing.authorise_payment"] == {
        "action": "receive",
        "address": "billing",
        "messages": ["orders.OrderPlaced"],
    }


def test_a_foreign_event_is_received_from_the_inbound_queue(told):
    operation = told[0]["operations"]["inbound"]
    assert (operation["action"], operation["address"]) == ("receive", QUEUE)
    foreign = {f"inbound.{each.type}" for each in (StockCounted, ParcelWeighed)}
    assert foreign <= set(operation["messages"]) & set(told[0]["examples"])


def test_each_message_has_an_example(told):
    examples = told[0]["examples"]
    assert EVENT in examples
    assert set(examples.values()) == {1}
