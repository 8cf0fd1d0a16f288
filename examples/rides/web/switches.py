"""The switches of the workers: which are on, and turning one off or on.

A worker that is to be off has a file of its app's name in a folder; whoever started the workers,
`run.py` here, looks there. Which really are on is what their signs of life say.
"""

from pathlib import Path

from django.conf import settings
from django.db.models import Count

from eventbus.delivery.models import Delivery
from eventbus.operations.worker_status import workers

#: The apps whose workers can be switched off, with what they are for.
APPS = {
    "rides": "carries each ride on to its end",
    "matching": "finds the nearest free car",
    "surge": "moves the prices",
    "fraud": "looks at who asks",
    "analytics": "counts",
}


def states() -> list[dict[str, object]]:
    """Return of each app whether a worker is on, is to be, and how much waits for it."""
    alive = {each.seen.app for each in workers() if each.state in ("alive", "stalled")}
    rows = Delivery.objects.exclude(state__in=[Delivery.State.DONE, Delivery.State.DISCARDED])
    waiting = dict(rows.values_list("app").annotate(Count("id")).order_by())
    return [
        {
            "app": app,
            "on": app in alive,
            "wanted": is_wanted(app),
            "waiting": waiting.get(app, 0),
        }
        for app in APPS
    ]


def is_wanted(app: str) -> bool:
    """Return whether an app's worker is to be on."""
    return not (settings.SWITCHES and (Path(settings.SWITCHES) / app).exists())


def turn(app: str, on: bool) -> None:
    """Have an app's worker started or stopped."""
    file = Path(settings.SWITCHES) / app
    if on:
        file.unlink(missing_ok=True)
    else:
        file.touch()
