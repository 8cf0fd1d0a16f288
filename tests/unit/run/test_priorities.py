"""On busy processors those workers go first for whose events others wait."""

import pytest

from devtools.run.priorities import LAST, LEADING_ON, niceness
from devtools.run.supervisor import write_workers


@pytest.mark.parametrize("app", ["billing", "fraud", "inventory", "orders", "shipping"])
def test_a_worker_that_an_order_waits_for_goes_first(app):
    assert niceness(app) == LEADING_ON


@pytest.mark.parametrize("app", ["analytics", "catalogue", "notifications", "pricing"])
def test_a_worker_from_whose_work_nothing_follows_elsewhere_goes_last(app):
    assert niceness(app) == LAST


def test_the_workers_are_started_so(tmp_path):
    write_workers(tmp_path, {"billing": "billing", "analytics": "analytics"}, 1, "INFO")
    written = (tmp_path / "apps.conf").read_text()
    assert f"nice -n {LEADING_ON} python -m celery -q -A billing " in written
    assert f"nice -n {LAST} python -m celery -q -A analytics " in written
