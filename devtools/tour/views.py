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
from devtools.tour.forms import LONGEST, BeginForm
from devtools.tour.programs import NotThere, Programs
from devtools.tour.shoppers import most_orders
from devtools.tour.store import Store, UnderWay
from devtools.tour.trial import Phase, Trial
from eventbus.console.views.access import operator, operators_only
from eventbus.console.views.page import render

View = Callable[..., HttpResponse]
#: The app that is chosen unless somebody chooses another, and the orders that come.
APP, ORDERS = "billing", 20
#: What is shown of a trial one after the other, and what is so meanwhile.
STEPS = {
    Phase.BROKEN: "",
    Phase.CATCHING_UP: "It is mended, and the shop catches up",
    Phase.ENDING: "What waited is done; orders are packed, sent and delivered",
    Phase.PROVING: "An audit checks every order and every event",
}


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

    @property
    def state(self) -> str:
        """Return in words what is so now, while it is under way."""
        if self.running is None:
            return ""
        if self.running.broken_at is None and self.running.mended_at is None:
            return "It is about to begin"
        return STEPS[self.running.phase] or self.experiment.state.format(app=self.running.app)

    @property
    def steps(self) -> list[tuple[str, bool]]:
        """Return each step, and whether it is the one under way."""
        return [(step.value, step == (self.running and self.running.phase)) for step in STEPS]


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
    """Show the cards alone, which ask again while a trial is under way.

    What is so is said aloud only when it is not what was `seen`.
    """
    context = _context()
    state = context["cards"][0].state
    said = {"says": state or "It is over: see what the proof says."}
    return shortcuts.render(
        request, "tour/status.html", context | (said if state != request.GET.get("seen") else {})
    )


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
        "orders": min(ORDERS, most_orders()),
        "longest": LONGEST,
        "most_orders": most_orders(),
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
