"""The page of the tour: a card for each experiment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import shortcuts
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect
from django.utils import timezone

from devtools import tour_locks
from devtools.tour.experiments import BY_NAME, EXPERIMENTS, Experiment
from devtools.tour.forms import LONGEST, MOST_ORDERS, BeginForm
from devtools.tour.programs import NotThere, Programs
from devtools.tour.store import Store, UnderWay
from devtools.tour.trial import Trial
from eventbus.console.views.access import operator, operators_only
from eventbus.console.views.page import render

View = Callable[..., HttpResponse]
#: The app that is chosen unless somebody chooses another, and the orders that come.
APP, ORDERS = "billing", 20


@dataclass(frozen=True)
class Card:
    """An experiment, its trial that is under way, its last one, and why it cannot be begun."""

    experiment: Experiment
    running: Trial | None
    last: Trial | None
    hindrance: str

    @property
    def name(self) -> str:
        return self.experiment.name


def here_only(view: View) -> View:
    """Refuse who comes from elsewhere, even to a shop that should not have a tour."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.PRODUCTION or not tour_locks.is_here(request):
            return HttpResponseForbidden("The tour answers this machine alone.\n")
        return view(request, *args, **kwargs)

    return guarded


@here_only
@operators_only("GET")
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "tour/page.html", _context())


@here_only
@operators_only("GET")
def status(request: HttpRequest) -> HttpResponse:
    """Show the cards alone: the page asks again while a trial is under way."""
    return shortcuts.render(request, "tour/cards.html", _context())


@here_only
@operators_only("POST")
def begin(request: HttpRequest) -> HttpResponse:
    try:
        programs = Programs()
        form = BeginForm(programs.apps(), request.POST)
        if not form.is_valid():
            return render(request, "tour/page.html", _context() | {"form": form}, status=422)
        _begin(form.cleaned_data, operator(request), programs)
    except (UnderWay, NotThere, TimeoutError) as error:
        messages.error(request, f"Nothing was begun: {error}.")
    return redirect("tour:page")


@here_only
@operators_only("POST")
def end(request: HttpRequest) -> HttpResponse:
    Store(settings.STATE).end_sooner()
    return redirect("tour:page")


def _begin(asked: dict[str, Any], by: str, programs: Programs) -> None:
    if hindrance := _hindrance(BY_NAME[asked["experiment"]], set(programs.running())):
        raise NotThere(hindrance)
    store = Store(settings.STATE)
    store.begin(Trial(**asked, by=by, asked_at=timezone.now()))
    try:
        programs.start_experimenter()
    except (NotThere, TimeoutError):
        store.drop()
        raise


def _context() -> dict[str, Any]:
    try:
        programs, trouble = set(Programs().running()), ""
    except NotThere as error:
        programs, trouble = set(), str(error)
    store = Store(settings.STATE)
    return {
        "trouble": trouble,
        "running": store.running(),
        "cards": sorted(_cards(store, programs), key=lambda card: card.running is None),
        "apps": [app for app in settings.WORKER_MODULES if app in programs],
        "app": APP,
        "orders": ORDERS,
        "longest": LONGEST,
        "most_orders": MOST_ORDERS,
    }


def _cards(store: Store, programs: set[str]) -> Iterator[Card]:
    running = store.running()
    for each in EXPERIMENTS:
        mine = running if running and running.experiment == each.name else None
        yield Card(each, mine, store.last(each.name), _hindrance(each, programs))


def _hindrance(experiment: Experiment, programs: set[str]) -> str:
    """Return why an experiment cannot be made here; empty: it can."""
    if experiment.needs and experiment.needs not in programs:
        return "the broker is not one that make run has started (BROKER_URL): it is left alone"
    return ""
