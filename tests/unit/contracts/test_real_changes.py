"""`manage.py contracts check` on changes of the shop's own events, one of each kind."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from eventbus import registry
from shop.settings import BASE_DIR
from tests.unit.contracts.conftest import Edit

#: Where people read what is told of the five changes.
PAGE = (BASE_DIR / "docs" / "contracts.md").read_text(encoding="utf-8")
CLEARED = '''\
class OrderCleared(Event):
    """Nothing speaks against the order."""

    order_id: UUID
    number: str
    #: 0 to 100
    score: int
    reasons: Personal[tuple[str, ...]] = Field(max_length=50)
'''
WITHOUT_SCORE = CLEARED.replace("    #: 0 to 100\n    score: int\n", "")
SECOND_VERSION = f"""\
from typing import Literal
from eventbus import upcasts


{WITHOUT_SCORE.replace("(Event)", "(Event, version=2)")}\
    risk: Literal["none", "some"]


@upcasts(OrderCleared, from_version=1)
def score_as_risk(data):
    return {{**data, "risk": "some" if data["score"] else "none"}}
"""


@pytest.fixture(scope="module")
def today(tmp_path_factory) -> str:
    """The contracts of today."""
    file = tmp_path_factory.mktemp("today") / "contracts.json"
    contracts("accept", file)
    return file.read_text(encoding="utf-8")


@pytest.fixture
def baseline(today, tmp_path) -> Path:
    """A file of them."""
    file = tmp_path / "contracts.json"
    file.write_text(today, encoding="utf-8")
    return file


def contracts(action: str, file: Path, *options: str) -> str:
    out = StringIO()
    call_command("contracts", action, "--file", str(file), *options, stdout=out)
    return out.getvalue()


def refused(action: str, file: Path) -> tuple[str, str]:
    """What a refusal has told, and its last words."""
    out = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("contracts", action, "--file", str(file), stdout=out)
    return out.getvalue(), str(refusal.value)


def test_contracts_that_are_kept_are_kept(baseline):
    assert contracts("check", baseline) == "Every contract is kept.\n"
    assert json.loads(contracts("check", baseline, "--json")) == []


def test_an_optional_field_passes(edited: Edit, baseline):
    edited(
        "orders.events",
        ('    language: str = "en"\n', '    language: str = "en"\n    gift: str = ""\n'),
    )
    told = contracts("check", baseline)
    assert told.splitlines() == [
        "passes  orders.OrderPlaced 1: gift added",
        "Every contract is kept; `manage.py contracts accept` adds the 1 change.",
    ]
    assert told in PAGE


def test_a_new_version_with_an_upcaster_passes(edited: Edit, baseline):
    edited("fraud.events", (CLEARED, SECOND_VERSION))
    told = contracts("check", baseline)
    assert told.splitlines()[:-1] == [
        "passes  fraud.OrderCleared 2: version 2 after 1",
        "passes  fraud.OrderCleared 2: score removed",
        "passes  fraud.OrderCleared 2: risk required now",
    ]
    assert told in PAGE
    contracts("accept", baseline)
    assert sorted(json.loads(baseline.read_text())["fraud.OrderCleared"]) == ["1", "2"]
    assert contracts("check", baseline) == "Every contract is kept.\n"


def test_a_removed_field_that_is_read_is_broken_and_names_its_readers(edited: Edit, baseline):
    edited("orders.events", ('    language: str = "en"\n', ""))
    told, advice = refused("check", baseline)
    assert told.splitlines() == [
        "broken  orders.OrderPlaced 1: language removed",
        "        read by billing.authorise_payment, notifications.note_language",
        "        passed on with all around it by notifications.acknowledge_order",
    ]
    assert advice == (
        "1 broken: raise the event's version and add an upcaster, or take the change back"
    )
    assert f"{told}CommandError: {advice}\n" in PAGE
    _, told = refused("accept", baseline)
    assert told == "nothing is accepted:\norders.OrderPlaced: language removed"


def test_a_removed_field_that_nobody_reads_is_told_apart_and_can_be_accepted(
    edited: Edit, baseline
):
    edited("fraud.events", (CLEARED, WITHOUT_SCORE))
    told, advice = refused("check", baseline)
    assert told.splitlines() == [
        "unread  fraud.OrderCleared 1: score removed",
        "        nothing here reads it",
    ]
    assert f"{told}CommandError: {advice}\n" in PAGE
    contracts("accept", baseline)
    assert contracts("check", baseline) == "Every contract is kept.\n"


def test_a_retyped_field_is_broken_and_its_readers_are_named(edited: Edit, baseline):
    edited(
        "orders.events",
        ("    quantity: int\n    unit_price", "    quantity: Decimal\n    unit_price"),
    )
    told, advice = refused("check", baseline)
    assert f"{told}CommandError: {advice}\n" in PAGE
    assert (
        "broken  orders.OrderPlaced 1: lines.quantity retyped: integer -> decimal\n"
        "        read by analytics.count_event, inventory.reserve_stock, "
        "shipping.prepare_shipment\n"
    ) in told


def test_what_a_new_version_removes_and_a_reaction_still_reads_is_broken(edited: Edit, baseline):
    edited(
        "fraud.events",
        (
            CLEARED,
            SECOND_VERSION.replace("    order_id: UUID\n", "    order: str\n").replace(
                "{**data,", '{**data, "order": data["order_id"],'
            ),
        ),
    )
    told, _ = refused("check", baseline)
    assert (
        "broken  fraud.OrderCleared 2: order_id removed\n"
        "        read by billing.capture_once_cleared, orders.record_clearance\n"
    ) in told


@pytest.mark.parametrize(
    ("upcaster", "told"),
    [
        ("", "nothing upcasts its version 1"),
        ('data["scores"]', "score_as_risk fails on its version 1: KeyError('scores')"),
        ('{**data, "risk": "high"}', "risk: Input should be 'none' or 'some'"),
        ('{**data, "risk": data["reasons"][0] and "some"}', "IndexError"),
    ],
)
def test_a_step_that_does_not_lead_from_what_was_accepted_to_what_is_now_is_broken(
    edited: Edit, baseline, upcaster, told
):
    """The last fails on what a redaction has left alone."""
    step = '{**data, "risk": "some" if data["score"] else "none"}'
    changed = SECOND_VERSION.replace(step, upcaster)
    if not upcaster:
        changed = changed.partition("\n\n@upcasts")[0] + "\n"
    edited("fraud.events", (CLEARED, changed))
    out, _ = refused("check", baseline)
    assert "broken  fraud.OrderCleared 2: version 1 cannot be read any more: " in out
    assert told in out


def test_an_event_that_is_gone_or_of_a_version_before_is_told(edited: Edit, baseline):
    edited("fraud.events", (CLEARED, SECOND_VERSION))
    contracts("accept", baseline)
    edited("fraud.events")
    del registry._events["orders.OrderHeld"]
    told, _ = refused("check", baseline)
    assert told.splitlines() == [
        "broken  fraud.OrderCleared 2: version 2 was accepted, and the code has 1",
        "unread  orders.OrderHeld 1: the event is removed",
        "        nothing here reads it",
    ]


@pytest.mark.parametrize(
    "text", [None, "", "[]", '{"a.B": {}}', '{"a.B": {"1": 2}}', '{"a": {"x": {}}}']
)
def test_a_file_that_is_no_baseline_is_refused_by_name(tmp_path, text):
    file = tmp_path / "contracts.json"
    if text is not None:
        file.write_text(text)
    told, refusal = refused("check", file)
    assert (told, refusal.partition(":")[0]) == ("", str(file))


def test_a_file_that_cannot_be_written_is_refused_in_one_line(tmp_path):
    file = tmp_path / "nowhere" / "contracts.json"
    assert refused("accept", file) == ("", f"{file}: No such file or directory")


def test_the_contracts_of_the_shop_are_kept():
    assert "Every contract is kept" in contracts("check", BASE_DIR / "contracts.json")
