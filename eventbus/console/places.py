"""The places of the console: what its tabs lead to, and a project's own menus and search may."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Place:
    """A page that is reached from everywhere, by the name of its address.

    `holds` are the names of pages that are deeper within it.
    """

    title: str
    name: str
    about: str
    holds: tuple[str, ...] = ()

    @property
    def link(self) -> str:
        return reverse(f"console:{self.name}")

    def is_around(self, name: str | None) -> bool:
        """Return whether a page is this one, or within it."""
        return name == self.name or name in self.holds


PLACES = (
    Place("Now", "now", "what is going on, and what needs a person", ("overdue",)),
    Place("Map", "map", "which app reacts to which event", ("map_event", "map_app")),
    Place(
        "Throughput",
        "throughput",
        "how much each app does, how soon, and what is left of its latency budget",
        ("figures", "budget", "set_budget"),
    ),
    Place(
        "Failed",
        "failed",
        "failed and parked reactions: try out, retry, discard",
        (
            *("group", "note", "notes", "change", "delivery", "dry_run"),
            *("watch", "watch_group", "actions"),
        ),
    ),
    Place("Story", "search", "what happened to one subject", ("story", "customer", "payload")),
    Place("Workers", "workers", "which processes run, and what they do"),
    Place("Paused", "paused", "hold an app or a reaction, and let it go on", ("pause", "resume")),
    Place("Alerts", "alerts", "what is above its limit, and the rules"),
    Place("Contracts", "contracts", "what each event says"),
)
