"""Projections are made anew from history: row by row what they were, while the shop goes on."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.test import override_settings
from django.utils import timezone

from analytics.models import Cart, Figure
from catalogue.demo.loading import load_demo_catalogue
from catalogue.models import Availability, Product
from catalogue.search.models import Listing, Word
from eventbus import registry
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.history.models import ArchivedMonth
from eventbus.history.rebuild import (
    HistoryIncomplete,
    NotAProjection,
    Rebuild,
    rebuilding,
    repeating,
)
from eventbus.testing import settle
from inventory.services import receive_stock
from loyalty.models import Account, OrderPoints, PointsEntry
from orders.return_services import request_return
from orders.services import claim_orders, request_cancellation
from shop.accounts import register
from tests.scenarios.conftest import AT_ONCE, buy, deliver_at_once, fill_shelves, state_of

PROJECTIONS = {
    "analytics": [Figure, Cart],
    "catalogue": [Availability, Word, Listing],
    "loyalty": [Account, PointsEntry, OrderPoints],
}


@pytest.fixture(scope="module")
def _shared_days(shared_db) -> None:
    with shared_db(), override_settings(**AT_ONCE):
        load_demo_catalogue()
        fill_shelves()
        busy_days(seed=1)


@pytest.fixture(autouse=True)
def _shop(_shared_days, db, settings, monkeypatch):
    """A shop with some busy days behind it, made once; each test undoes what it did."""
    deliver_at_once(settings)
    monkeypatch.setattr(repeating, "BATCH", 20)


def busy_days(seed: int) -> None:
    """Have orders paid, cancelled, returned and claimed, their events arriving in any order."""
    register("ada@example.com", "secret-4711", "Ada", confirmed=True)
    bought = [buy(customer=each) for each in ("ada", "ada", "bob", None)]
    settle(seed=seed, copies=2)
    buy(points=30, points_value=Decimal("0.30"))
    request_cancellation(buy(teapots=2).id)
    settle(seed=seed)
    request_return(bought[0].id, {1: 1})
    claim_orders("guest@example.com", "carl")
    settle(seed=seed)
    assert state_of(bought[2]) == "completed"


def rows(*of: type[models.Model]) -> dict[str, list[str]]:
    """Return every row of these tables as text, without the numbers that the database gave."""
    return {model.__name__: sorted(_as_text(row) for row in model.objects.values()) for model in of}


def _as_text(row: dict[str, Any]) -> str:
    return json.dumps({**row, "id": None}, cls=DjangoJSONEncoder, sort_keys=True)


def test_each_declared_projection_is_compared():
    declared = {app: registry.projections(app) for app in registry.apps_with_reactions()}
    assert {
        app: [each.model for each in found] for app, found in declared.items() if found
    } == PROJECTIONS


@pytest.mark.parametrize("app", PROJECTIONS)
def test_rebuilt_row_by_row_it_is_what_it_was(app):
    before = rows(*PROJECTIONS[app])
    events = OutboxEvent.objects.count()
    PROJECTIONS[app][0].objects.all().update(**{_SPOILT[app]: 99})
    Rebuild(app).run()
    assert rows(*PROJECTIONS[app]) == before
    assert OutboxEvent.objects.count() == events


#: A column of the first table that something has spoilt.
_SPOILT = {"analytics": "value", "catalogue": "available", "loyalty": "balance"}


def test_live_events_meanwhile_are_neither_lost_nor_doubled():
    going_on = iter([lambda: buy(customer="dora"), lambda: buy(customer="ada")])

    def live(_: int) -> None:
        if order := next(going_on, None):
            order()
            settle()

    Rebuild("loyalty").run(live)
    assert Account.objects.get(pk="dora").balance == 30
    before = rows(*PROJECTIONS["loyalty"])
    Rebuild("loyalty").run()
    assert rows(*PROJECTIONS["loyalty"]) == before


def test_reaction_that_was_committed_late_is_repeated_too():
    late = Delivery.objects.filter(app="analytics", state="done").latest("closed_at")
    Delivery.objects.filter(pk=late.pk).update(state="waiting")
    before = rows(Figure)

    def commit(_: int) -> None:
        Delivery.objects.filter(pk=late.pk).update(
            state="done", closed_at=Delivery.objects.earliest("closed_at").closed_at
        )

    Rebuild("analytics").run(commit)
    assert rows(Figure) == before


def test_killed_in_the_middle_it_has_touched_nothing_and_a_second_run_works():
    before = rows(*PROJECTIONS["loyalty"])

    def killed(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Rebuild("loyalty").run(killed)
    assert rows(*PROJECTIONS["loyalty"]) == before
    Rebuild("loyalty").run()
    assert rows(*PROJECTIONS["loyalty"]) == before


def test_rows_are_numbered_on_from_those_that_were_made_anew():
    Rebuild("loyalty").run()
    buy(customer="dora")
    settle()
    assert Account.objects.get(pk="dora").balance == 30


def test_search_follows_the_products_of_the_moment_of_the_swap():
    product = Product.objects.filter(published=True).first()
    receive_stock({product.variants.first().sku: 3}, reason="new")
    settle()

    def retitle(_: int) -> None:
        Product.objects.filter(pk=product.pk).update(title="Renamed past the signals")

    Rebuild("catalogue").run(retitle)
    assert Listing.objects.get(pk=product.pk).title == "Renamed past the signals"


class TestRefuses:
    def test_an_app_that_declares_no_projection(self):
        with pytest.raises(CommandError, match="billing declares no projection"):
            call_command("rebuild", "billing")

    def test_an_app_that_nobody_knows(self):
        with pytest.raises(CommandError, match="no app nobody reacts"):
            call_command("rebuild", "nobody")

    def test_history_of_which_months_are_archived(self):
        month = {"name": "2026-01", "until": timezone.now(), "events": 1, "deliveries": 1}
        ArchivedMonth.objects.create(**month, file="x", sha256="x")
        with pytest.raises(HistoryIncomplete, match="archived"):
            Rebuild("analytics")

    def test_reaction_that_reads_a_field_that_was_redacted(self, monkeypatch):
        OutboxEvent.objects.filter(type="shop.UserRegistered").update(redacted_at=timezone.now())
        Rebuild("loyalty").run()
        reaction = _replaced("loyalty", "open_account", lambda events: events[0].email.lower())
        monkeypatch.setattr(repeating, "repeatable", lambda app: [reaction])
        with pytest.raises(HistoryIncomplete, match=r"shop\.UserRegistered\.email was redacted"):
            Rebuild("loyalty").run()

    def test_reaction_that_writes_what_is_no_projection(self, monkeypatch):
        only = [each for each in registry.projections("loyalty") if each.model is not OrderPoints]
        monkeypatch.setattr(rebuilding.registry, "projections", lambda app: only)
        OrderPoints.objects.all().delete()
        with pytest.raises(NotAProjection, match="write loyalty_orderpoints as well"):
            Rebuild("loyalty").run()
        assert not OrderPoints.objects.exists()


def _replaced(app: str, name: str, function: Any) -> registry.Reaction:
    found = next(r for _, r in registry.all_reactions() if (r.app, r.name) == (app, name))
    return registry.Reaction(app, name, function, is_external=False, takes_many=found.takes_many)
