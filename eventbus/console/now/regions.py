"""The parts of pages that are kept up to date, drawn once for all who look.

Nothing in them is of one viewer: no token of a form, and no text that tells of people.
"""

from django.template.loader import render_to_string
from django.utils.translation import override

from eventbus.console.hooks import hooks
from eventbus.console.now.app_state import AppNow
from eventbus.console.now.attention import attention_items
from eventbus.console.now.snapshot import Snapshot
from eventbus.console.now.sparkline import path

#: HTML by the name of its region, which is the `data-live` of where it stands.
Regions = dict[str, str]


def draw_regions(now: Snapshot) -> Regions:
    """Return every region as it is now."""
    attention = attention_items(now)
    with override("en"):
        return {
            "figures": _draw("figures", now=now, figures=_figures(now)),
            "attention": _draw("attention", attention=attention),
            "attention-count": str(len(attention)),
            **_apps(now),
            **_panels(now),
        }


def region_of(app: AppNow) -> str:
    """Return the name of the region that is an app's row."""
    return f"app-{app.name}"


def _apps(now: Snapshot) -> Regions:
    most = max((count for app in now.apps for count in app.done), default=0)
    return {
        region_of(app): _draw("app", app=app, bars=path(app.done, most), most=max(app.done))
        for app in now.apps
    }


def _panels(now: Snapshot) -> Regions:
    return {
        f"panel-{panel.name}": render_to_string(
            panel.template, {"found": now.raw["panels"][panel.name], "now": now}
        )
        for panel in hooks.panels
    }


def _figures(now: Snapshot) -> list[tuple[str, object, str]]:
    found = now.raw["figures"]
    return [(figure.label, found[figure.label], str(figure.href)) for figure in hooks.figures]


def _draw(name: str, **context: object) -> str:
    return render_to_string(f"console/now/{name}.html", context)
