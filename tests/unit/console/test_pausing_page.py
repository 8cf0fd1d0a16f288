"""Pausing on the console: with a reason, once, and seen by all."""

import pytest
from django.urls import reverse

from eventbus.delivery.models import OperatorAction, Pause

pytestmark = pytest.mark.django_db


def pause(client, what="shipping", reason="the carrier is on strike"):
    return client.post(reverse("console:pause"), {"what": what, "reason": reason}, follow=True)


def resume(client, app="shipping", reaction=""):
    fields = {"app": app, "reaction": reaction, "reason": "it is over"}
    return client.post(reverse("console:resume"), fields, follow=True)


def text(answer):
    return answer.content.decode()


def test_an_app_is_paused_and_resumed_with_a_reason_and_both_are_recorded(operator):
    assert "shipping is paused" in text(pause(operator))
    assert "the carrier is on strike" in text(operator.get(reverse("console:paused")))
    assert "It goes on" in text(resume(operator))
    assert not Pause.objects.exists()
    assert [(i.kind, i.by, i.reason) for i in OperatorAction.objects.order_by("at")] == [
        ("paused", "olga", "the carrier is on strike"),
        ("resumed", "olga", "it is over"),
    ]


def test_one_reaction_can_be_paused(operator):
    pause(operator, "analytics.count_event")
    assert [(p.app, p.reaction) for p in Pause.objects.all()] == [("analytics", "count_event")]


def test_who_pauses_or_resumes_what_somebody_else_has_is_told(operator, confidant):
    pause(operator)
    assert "paused already, by olga" in text(pause(confidant))
    resume(operator)
    assert "shipping is not paused" in text(resume(confidant))


@pytest.mark.parametrize(("what", "reason"), [("shipping", " "), ("nobody", "why not"), ("", "?")])
def test_without_a_reason_or_of_nothing_known_nothing_is_paused(operator, what, reason):
    answer = pause(operator, what, reason)
    assert answer.status_code == 422
    assert 'role="alert"' in text(answer)
    assert not Pause.objects.exists()
