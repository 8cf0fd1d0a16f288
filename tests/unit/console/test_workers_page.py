"""The workers' page says in a word how each is, and what to do about it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from eventbus import registry
from eventbus.operations.models import WorkerHeartbeat
from tests.unit.eventbus.test_workers import seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def _everybody():
    for app in ("relay", *registry.apps_with_reactions()):
        seen(app)


def rows(client):
    answer = client.get(reverse("console:workers"))
    return [row for row, _ in answer.context["rows"]], answer.content.decode()


@pytest.mark.usefixtures("_everybody")
def test_when_all_are_well_the_page_says_so(operator):
    found, page = rows(operator)
    assert {row.state for row in found} == {"ok"}
    assert "Every app has a worker" in page


@pytest.mark.usefixtures("_everybody")
def test_what_needs_a_person_stands_first_and_says_what_to_do(operator):
    now = timezone.now()
    WorkerHeartbeat.objects.filter(app="billing").update(failing_since=now, last_error="read-only")
    WorkerHeartbeat.objects.filter(app="shipping").update(seen_at=now - timedelta(minutes=5))
    WorkerHeartbeat.objects.filter(app="relay").delete()
    found, page = rows(operator)
    assert [(row.app, row.state) for row in found][:5] == [
        ("billing", "missing"),
        ("billing", "failing"),
        ("relay", "missing"),
        ("shipping", "missing"),
        ("shipping", "lost"),
    ]
    assert {row.state for row in found[5:]} == {"ok"}
    assert "manage.py relay" in page
    assert "read-only" in page
    assert "Every app has a worker" not in page


@pytest.mark.usefixtures("_everybody")
def test_what_a_worker_runs_many_times_is_named_once(operator):
    WorkerHeartbeat.objects.filter(app="billing").update(running=["orders.OrderPlaced"] * 3)
    _, page = rows(operator)
    assert "orders.OrderPlaced ×3" in page
