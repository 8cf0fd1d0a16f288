"""What operators did, told act by act."""

from datetime import timedelta

import pytest
from django.urls import reverse

from eventbus.delivery.models import OperatorAction
from eventbus.operations.operator_acts import ONE_ACT, acts
from tests.unit.console.history import BEGAN

pytestmark = pytest.mark.django_db


def acted(by="olga", kind="retried", at=BEGAN, **facts):
    usual = {"app": "billing", "reaction": "capture", "delivery_id": 7}
    return OperatorAction.objects.create(by=by, kind=kind, at=at, **{**usual, **facts})


def told(**narrowed):
    found = acts(OperatorAction.objects.filter(**narrowed), 10)
    return [(act.by, act.kind, act.about, act.count) for act in found]


def test_what_is_retried_in_several_steps_is_one_act():
    for seconds in (0, 30, 60, 90):
        acted(at=BEGAN + timedelta(seconds=seconds))
    assert told() == [("olga", "retried", "billing.capture", 4)]


def test_the_same_later_by_somebody_else_or_for_another_reason_is_another_act():
    acted()
    acted(at=BEGAN + ONE_ACT + timedelta(seconds=1))
    acted(at=BEGAN + 2 * ONE_ACT, reason="the bank is back")
    acted(at=BEGAN + 2 * ONE_ACT, by="paul", reason="the bank is back")
    acted(at=BEGAN + 3 * ONE_ACT, kind="paused", reaction="", delivery_id=None)
    assert told() == [
        ("olga", "paused", "billing", 1),
        ("paul", "retried", "billing.capture", 1),
        ("olga", "retried", "billing.capture", 1),
        ("olga", "retried", "billing.capture", 1),
        ("olga", "retried", "billing.capture", 1),
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"olga", "paul"}),
        ({"by": "paul"}, {"paul"}),
        ({"kind": "retried"}, {"olga"}),
        ({"app": "shipping"}, {"paul"}),
        ({"app": "nobody"}, set()),
    ],
)
def test_the_page_lists_them_narrowed_by_who_what_and_app(operator, asked, found):
    acted()
    acted("paul", "paused", app="shipping", reason="on strike")
    answer = operator.get(reverse("console:actions"), asked)
    assert {act.by for act in answer.context["acts"]} == found


def test_a_filter_that_is_not_understood_is_refused_by_its_name(operator):
    answer = operator.get(reverse("console:actions"), {"kind": "eaten"})
    assert answer.status_code == 422
    assert "What: " in answer.content.decode()
