"""Dashboard and alert rules ask for figures that there are, by labels that these have."""

import json
import re
from pathlib import Path

import pytest
import yaml

from eventbus.console.alerts.rules import all_rules
from shop.monitoring.metrics import Bus

DOCS = Path(__file__).parents[3] / "docs"
RULES = yaml.safe_load((DOCS / "grafana" / "alerts.yaml").read_text())["groups"][0]["rules"]
DASHBOARD = json.loads((DOCS / "grafana" / "dashboard.json").read_text())
QUERIES = {
    **{rule["alert"]: rule["expr"] for rule in RULES},
    **{
        f"{panel['title']} {target['refId']}": target["expr"]
        for panel in DASHBOARD["panels"]
        for target in panel["targets"]
    },
}
#: By rule of the console: the rule for Prometheus that warns of the same.
COUNTERPARTS = {
    "queue age": "QueueOld",
    "failure rate": "ReactionsRetried",
    "failing worker": "WorkerStalled",
    "parked": "ReactionsParked",
    "outbox lag": "OutboxStuck",
    "overdue reactions": "ReactionOverdue",
    "wrong clock": "ClockWrong",
}
#: Rules of the console about what no figure tells: they ask the events and the books.
WITHOUT_FIGURE = {"unknown events", "beside the months", "stuck orders", "audit failure"}
SUFFIXES = {"counter": ["_total"], "histogram": ["_bucket"], "gauge": [""]}


@pytest.fixture
def names(db) -> dict[str, set[str]]:
    """The labels of each metric, by the name that a query knows it by."""
    return {
        family.name + suffix: set(family._labelnames) | ({"le"} if suffix == "_bucket" else set())
        for family in Bus().collect()
        for suffix in SUFFIXES[family.type]
    }


def test_every_query_asks_for_what_there_is(names):
    for title, query in QUERIES.items():
        asked = re.findall(r"(shop_\w+)(?:\{([^}]*)\})?", query)
        assert asked, title
        for name, selector in asked:
            assert name in names, title
            labels = re.findall(r"(\w+)[=!]~?\"", selector) if selector else []
            assert set(labels) <= names[name], title


def test_nothing_is_measured_that_nobody_sees(names):
    assert set(re.findall(r"shop_\w+", " ".join(QUERIES.values()))) | {
        "shop_events_published_total",
    } == set(names)


def test_every_rule_of_the_console_has_its_counterpart_unless_no_figure_tells_it():
    assert {rule.name for rule in all_rules()} == WITHOUT_FIGURE | set(COUNTERPARTS)
    assert set(COUNTERPARTS.values()) <= {rule["alert"] for rule in RULES}


def test_panels_have_places_of_their_own():
    places = [tuple(panel["gridPos"].values()) for panel in DASHBOARD["panels"]]
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(places)) == len(set(ids)) == len(places)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_says_what_it_means_and_what_to_do(rule):
    assert rule["annotations"].keys() == {"summary", "description"}
    assert rule["alert"] in (DOCS / "operations.md").read_text()
