"""Links into Flower: to what it has a page for, and only where there is one."""

import pytest
from django.urls import reverse

from eventbus.console.flower import tasks_url, worker_url, worker_urls
from eventbus.operations.models import WorkerHeartbeat
from tests.unit.console.test_failed import trouble
from tests.unit.eventbus.test_workers import seen

pytestmark = pytest.mark.django_db

NODE = "billing@host.4711.3f2a"


@pytest.fixture(autouse=True)
def _flower(settings):
    settings.EVENTBUS_FLOWER_URL = "https://flower.example/tasks-of-ours"


def text(answer):
    return answer.content.decode()


def worker(app="billing", node=NODE):
    seen(app)
    WorkerHeartbeat.objects.filter(app=app).update(node=node)


def test_a_worker_is_linked_by_its_name_in_celery(operator):
    worker()
    page = f"https://flower.example/tasks-of-ours/worker/{NODE}"
    assert worker_urls("billing") == [(NODE, page)]
    assert f'href="{page}"' in text(operator.get(reverse("console:workers")))


def test_a_relay_has_no_page_there():
    worker("relay", "")
    assert worker_urls("relay") == []


def test_tasks_are_narrowed_to_an_event_and_an_apps_workers():
    base = "https://flower.example/tasks-of-ours/tasks"
    assert tasks_url() == base
    assert tasks_url("orders.OrderPlaced") == f"{base}?name=orders.OrderPlaced"
    assert tasks_url("orders.OrderPlaced", "billing") == (
        f"{base}?name=orders.OrderPlaced&worker=billing%40"
    )


def test_a_deliverys_page_links_the_tasks_of_its_event_in_its_app(operator):
    row = trouble()
    page = text(operator.get(reverse("console:delivery", args=[row.id])))
    assert "tasks?name=inventory.StockReserved&amp;worker=billing%40" in page


def test_without_flower_nothing_is_linked(operator, settings):
    settings.EVENTBUS_FLOWER_URL = ""
    worker()
    row = trouble()
    assert (worker_url(NODE), worker_urls("billing"), tasks_url("orders.OrderPlaced")) == (
        "",
        [],
        "",
    )
    for page in (reverse("console:workers"), reverse("console:delivery", args=[row.id])):
        assert "Flower" not in text(operator.get(page))
