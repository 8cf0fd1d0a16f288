"""The log lines of one story are found by one command."""

import json
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from tests.unit.console.history import placed

pytestmark = pytest.mark.django_db

ORDER = uuid4()


@pytest.fixture
def log(settings, tmp_path):
    """Writes a line into a program's log."""
    settings.EVENTBUS_STATE = tmp_path
    (tmp_path / "log").mkdir()

    def write(program: str, line: str) -> None:
        with (tmp_path / "log" / program).open("a") as file:
            file.write(line + "\n")

    return write


def logged(*arguments) -> list[str]:
    out = StringIO()
    call_command("logs", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_lines_of_all_programs_come_in_the_order_of_time(log):
    origin = placed(ORDER, "100001")
    log("shipping.log", f"2024-05-04T09:00:02Z [info] reaction correlation_id={origin.id}")
    log("billing.log.1", f"2024-05-04T09:00:01Z [info] reaction subject={ORDER}")
    assert logged("100001") == [
        f"billing: 2024-05-04T09:00:01Z [info] reaction subject={ORDER}",
        f"shipping: 2024-05-04T09:00:02Z [info] reaction correlation_id={origin.id}",
    ]


def test_lines_of_other_orders_and_other_files_are_left_out(log):
    placed(ORDER, "100001")
    log("shipping.log", f"2024-05-04T09:00:02Z [info] reaction correlation_id={uuid4()}")
    log("shipping.txt", f"2024-05-04T09:00:02Z [info] reaction correlation_id={ORDER}")
    assert logged("100001") == []


def test_lines_for_machines_stay_what_they_are(log):
    placed(ORDER, "100001")
    written = {"subject": str(ORDER), "timestamp": "2024-05-04T09:00:02Z", "event": "reaction"}
    log("shipping.log", json.dumps(written))
    [line] = logged("100001", "--json")
    assert json.loads(line) == {"program": "shipping"} | written


def test_no_log_at_all_is_no_line(settings, tmp_path):
    settings.EVENTBUS_STATE = tmp_path
    placed(ORDER, "100001")
    assert logged("100001") == []


def test_an_unknown_order_is_refused_in_one_line(log):
    with pytest.raises(CommandError, match=r"^no order has the number 100001$"):
        logged("100001")
