"""Failed and parked deliveries: listed, tried again, given up."""

import json
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from eventbus.delivery import relay
from eventbus.delivery.fingerprint import fingerprint, headline
from eventbus.delivery.models import Delivery
from tests.unit.console.history import BEGAN, add_event, reacted

pytestmark = pytest.mark.django_db

TRACEBACK = """Traceback (most recent call last):
  File "eventbus/delivery/runner.py", line 102, in step
    self.call = self._advance(answer)
                ^^^^^^^^^^^^^^^^^^^^^
django.db.utils.IntegrityError: duplicate key
DETAIL:  Key (id)=(1) already exists.
"""


def trouble(reaction="billing.capture_once_reserved", state="parked", **facts):
    event = add_event("inventory.StockReserved", uuid4(), after_ms=facts.pop("after_ms", 0))
    usual = {"attempts": 8, "error": TRACEBACK, "closed_at": BEGAN}
    facts = {**usual, "created_at": event.occurred_at, **facts}
    alike = fingerprint(*reaction.split("."), facts["error"])
    return reacted(event, reaction, state, fingerprint=alike, **facts)


def failed(*arguments):
    out = StringIO()
    call_command("failed", *map(str, arguments), stdout=out)
    return out.getvalue()


def refusal(*arguments):
    with pytest.raises(CommandError) as refused:
        failed(*arguments)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def failed_with_refusal(*arguments):
    """Return what is told of the only delivery, which is refused."""
    out = StringIO()
    with pytest.raises(CommandError, match="1 of 1 refused"):
        call_command("failed", *map(str, arguments), stdout=out)
    return out.getvalue().splitlines()[0]


def states():
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


# list


def test_nothing_in_trouble_is_said_so():
    trouble(state="done")
    assert failed("list") == "Nothing has failed, nothing is parked.\n"
    assert json.loads(failed("list", "--json")) == []


def test_deliveries_that_fail_alike_are_one_line():
    first = trouble(after_ms=60_000)
    trouble(state="failed")
    other = trouble(error="ValueError: else")
    third = trouble(reaction="fraud.screen_order")
    assert [line.split() for line in failed("list").splitlines()] == [
        ["APP", "REACTION", "FAILED", "PARKED", "OLDEST", "(UTC)", "FIRST", "GROUP", "ERROR"],
        [
            *("billing", "capture_once_reserved", "1", "1", "2024-05-04", "09:00:00"),
            *(f"#{first.id}", first.fingerprint),
            *("django.db.utils.IntegrityError:", "duplicate", "key"),
        ],
        [
            *("billing", "capture_once_reserved", "0", "1", "2024-05-04", "09:00:00"),
            *(f"#{other.id}", other.fingerprint, "ValueError:", "else"),
        ],
        [
            *("fraud", "screen_order", "0", "1", "2024-05-04", "09:00:00"),
            *(f"#{third.id}", third.fingerprint),
            *("django.db.utils.IntegrityError:", "duplicate", "key"),
        ],
    ]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ([], 3),
        (["--app", "billing"], 2),
        (["--reaction", "screen_order"], 1),
        (["--state", "failed"], 1),
        (["--app", "billing", "--state", "failed"], 0),
        (["--app", "shipping"], 0),
    ],
)
def test_the_list_can_be_narrowed(filters, found):
    trouble()
    trouble("billing.refund_return")
    trouble("fraud.screen_order", "failed")
    assert len(json.loads(failed("list", "--full", "--json", *filters))) == found


def test_the_full_list_has_each_traceback():
    row = trouble(state="failed", attempts=2, resend_at=BEGAN + timedelta(seconds=4))
    output = failed("list", "--full")
    assert f"#{row.id} billing.capture_once_reserved: failed, attempt 2, again 2024-05-04" in output
    assert f"inventory.StockReserved {row.event.subject}, event {row.event_id}" in output
    assert '    File "eventbus/delivery/runner.py", line 102, in step' in output


def test_json_has_the_groups():
    row = trouble()
    assert json.loads(failed("list", "--json")) == [
        {
            "app": "billing",
            "reaction": "capture_once_reserved",
            "fingerprint": row.fingerprint,
            "error": "django.db.utils.IntegrityError: duplicate key",
            "failed": 0,
            "parked": 1,
            "oldest": "2024-05-04T09:00:00Z",
            "newest": "2024-05-04T09:00:00Z",
            "first": row.id,
            "note": "",
            "owner": "",
        }
    ]


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (TRACEBACK, "django.db.utils.IntegrityError: duplicate key"),
        (f"discarded: by hand\n{TRACEBACK}", "discarded: by hand"),
        ("unknown event type orders.Later", "unknown event type orders.Later"),
        ("", ""),
    ],
)
def test_the_line_that_names_the_error_is_found(error, line):
    assert headline(error) == line


# retry


class FakeBroker:
    """Notes what it is asked to send; in every queue something waits."""

    def __init__(self):
        self.sent = []

    def depth(self, app):
        return 1

    def to_app(self, app, envelopes):
        self.sent += [(app, envelope.id) for envelope in envelopes]
        return len(envelopes)


@pytest.mark.parametrize("state", ["failed", "parked"])
def test_a_retried_delivery_begins_anew_and_is_sent_to_its_own_app(state):
    row, broker = trouble(state=state, sends=9), FakeBroker()
    about = f"billing.capture_once_reserved of inventory.StockReserved {row.event.subject}"
    assert failed("retry", row.id) == f"#{row.id} {about}: retried\n1 retried\n"
    row.refresh_from_db()
    assert (row.state, row.attempts, row.sends, row.closed_at) == ("failed", 0, 0, None)
    assert row.resend_at <= timezone.now()
    relay.resend_due(broker)
    assert broker.sent == [("billing", row.event_id)]


@pytest.mark.parametrize(
    ("choice", "after"),
    [
        (["--all"], ["failed", "failed", "failed", "done"]),
        (["--app", "billing"], ["failed", "failed", "parked", "done"]),
        (
            ["--app", "billing", "--reaction", "refund_return"],
            ["parked", "failed", "parked", "done"],
        ),
        (["--reaction", "screen_order"], ["parked", "parked", "failed", "done"]),
    ],
)
def test_deliveries_are_chosen_by_app_and_reaction_or_all(choice, after):
    trouble()
    trouble("billing.refund_return")
    trouble("fraud.screen_order")
    trouble(state="done")
    failed("retry", *choice)
    assert states() == after


def test_nothing_to_retry_is_no_error():
    assert failed("retry", "--all") == "0 retried\n"


def test_a_group_is_retried_by_its_fingerprint():
    row = trouble()
    trouble(error="ValueError: else")
    failed("retry", "--group", row.fingerprint)
    assert states() == ["failed", "parked"]


def test_who_is_second_to_retry_is_told():
    row = trouble()
    failed("retry", row.id)
    assert failed_with_refusal("retry", row.id).endswith("refused, it is being retried already")


# note


def test_what_is_known_of_a_group_stands_beside_its_error():
    row = trouble()
    failed("note", row.fingerprint, "--text", "the bank is mending it", "--owner", "Ada")
    assert failed("list").endswith("duplicate key [Ada, the bank is mending it]\n")
    failed("note", row.fingerprint, "--text", "mended")
    assert failed("list").endswith("duplicate key [mended]\n")


# discard


def test_a_discarded_delivery_keeps_the_reason_above_its_error():
    row = trouble()
    failed("discard", row.id, "--reason", " shipped by\nhand ")
    row.refresh_from_db()
    assert (row.state, row.resend_at) == ("discarded", None)
    assert row.closed_at > BEGAN
    assert row.error == f"discarded: shipped by hand\n{TRACEBACK}"


@pytest.mark.parametrize("arguments", [[], ["--reason", " "]])
def test_discarding_needs_a_reason(arguments):
    trouble()
    assert "--reason" in refusal("discard", "--all", *arguments)
    assert states() == ["parked"]


# refusals


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ("done", "it is done"),
        ("waiting", "it is on its way already"),
        ("discarded", "it was discarded"),
    ],
)
@pytest.mark.parametrize("action", [["retry"], ["discard", "--reason", "why not"]])
def test_only_failed_and_parked_deliveries_are_changed(state, why, action, capsys):
    fine, other = trouble(state=state), trouble()
    with pytest.raises(CommandError, match=r"^1 of 2 refused$"):
        call_command("failed", *action, str(fine.id), str(other.id))
    first, second, count = capsys.readouterr().out.splitlines()
    assert first.endswith(f": refused, {why}")
    assert second.startswith(f"#{other.id} ")
    assert count.startswith("1 ")
    fine.refresh_from_db()
    assert fine.state == state


def test_an_id_nobody_has_is_refused():
    assert refusal("retry", 4711) == "1 of 1 refused"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("mend",),
        ("retry",),
        ("retry", "1", "--all"),
        ("retry", "--all", "--app", "billing"),
        ("retry", "one"),
        ("retry", "-1"),
        ("retry", str(2**63)),
        ("list", "--state", "done"),
        ("list", "--app", "biling"),
        ("note", "0123456789abcdef", "--text", "no such group"),
        ("note", "0123456789abcdef"),
        ("list", "--app", "billing", "--reaction", "screen_order"),
        ("discard", "1"),
    ],
)
def test_bad_arguments_are_refused_in_one_line(arguments):
    trouble()
    refusal(*arguments)
    assert states() == ["parked"]
