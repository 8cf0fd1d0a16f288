"""What a visitor of the map asked for: an app, an event to follow, and what else to show."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from eventbus import registry


@dataclass(frozen=True)
class Asked:
    """The parameters of the map's address. What there is not is left out, and told of."""

    app: str = ""
    follow: str = ""
    own: bool = False
    observers: bool = False
    problems: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of events to draw; what is followed leads through all of them."""
        return ("event", "deadline", "task") if self.own or self.follow else ("event",)

    @property
    def query(self) -> str:
        """Return it as the end of an address."""
        facts: dict[str, str | bool] = {
            "app": self.app,
            "follow": self.follow,
            "own": self.own,
            "observers": self.observers,
        }
        return f"?{urlencode({name: _plain(fact) for name, fact in facts.items() if fact})}"

    def but(self, **changes: str | bool) -> str:
        """Return the query with something else instead."""
        return replace(self, **changes).query  # type: ignore[arg-type]


def asked(parameters: Mapping[str, str]) -> Asked:
    """Read the parameters of an address."""
    app, follow = parameters.get("app", ""), parameters.get("follow", "")
    problems = []
    if app and app not in all_apps():
        problems.append(f"app: there is no app called “{app}”. All apps are shown.")
        app = ""
    if follow and follow not in registry.event_types():
        problems.append(f"follow: no event is called “{follow}”. All events are shown.")
        follow = ""
    return Asked(
        app, follow, bool(parameters.get("own")), bool(parameters.get("observers")), tuple(problems)
    )


def all_apps() -> list[str]:
    """Return the apps that emit or react, sorted."""
    emitters = {registry.app_label(type) for type in registry.event_types()}
    return sorted({*emitters, *registry.apps_with_reactions()})


def _plain(fact: str | bool) -> str:
    return "1" if fact is True else str(fact)
