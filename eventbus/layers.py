"""The layers that a project may install: each needs those above it."""

from collections.abc import Iterable
from functools import partial
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from eventbus import registry
from eventbus.conf import PREFIX, SETTINGS, conf

LAYERS = tuple(
    f"eventbus.{name}" for name in ("delivery", "messaging", "operations", "history", "console")
)


class LayerConfig(AppConfig):
    """Base of the layers' `AppConfig`s. Refuses to start without the layers above.

    Used by its module's name: of two classes in an `apps.py` Django takes neither.
    """

    default_auto_field = "django.db.models.BigAutoField"
    #: Apps that are not of the bus, and that it needs as well.
    beside: tuple[str, ...] = ()

    def ready(self) -> None:
        """Raise `ImproperlyConfigured`, naming what is not in INSTALLED_APPS."""
        require(self.name, (*LAYERS[: LAYERS.index(self.name)], *self.beside))


class BridgeConfig(AppConfig):
    """Base of the `AppConfig`s below `eventbus.bridges`: apps that need what an event needs.

    Used by its module's name, as `LayerConfig` is.
    """

    default_auto_field = "django.db.models.BigAutoField"
    #: Module of the library that the extra of the bridge's name brings, if it needs one.
    library = ""
    #: Settings of the bus without which it does not work.
    needed_settings: tuple[str, ...] = ()
    #: The one that names the types whose personal fields it may send, if it has one.
    personal_setting = ""

    def import_models(self) -> None:
        """Refuse what is not installed before its reactions are imported, which need it."""
        self.require_installed()
        super().import_models()

    def require_installed(self) -> None:
        """Raise `ImproperlyConfigured`, naming the app or the library that is not installed."""
        require(self.name, LAYERS[:2])
        if self.library and not _is_installed(self.library):
            raise ImproperlyConfigured(
                f"{self.name} needs {self.library}: pip install 'eventbus[{self.label}]'"
            )

    def ready(self) -> None:
        """Have its settings checked."""
        # A method takes no tags.
        register(partial(self._check_settings))

    def _check_settings(self, **_: Any) -> list[CheckMessage]:
        missing = [name for name in self.needed_settings if not getattr(conf, name)]
        shown = getattr(conf, self.personal_setting) if self.personal_setting else ()
        unknown = sorted(set(shown) - set(registry.event_types()))
        return [
            *(
                Error(
                    f"{self.name} needs {PREFIX}{name}",
                    hint=SETTINGS[name].meaning,
                    id="eventbus.E101",
                )
                for name in missing
            ),
            *(
                Error(f"{PREFIX}{self.personal_setting}: no event is {type}", id="eventbus.E102")
                for type in unknown
            ),
        ]


def _is_installed(library: str) -> bool:
    try:
        return find_spec(library) is not None
    except ModuleNotFoundError:
        # Not even what it is in.
        return False


def require(name: str, needed: Iterable[str]) -> None:
    """Raise `ImproperlyConfigured`, naming what an app needs and is not in INSTALLED_APPS."""
    if missing := [each for each in needed if not apps.is_installed(each)]:
        raise ImproperlyConfigured(f"{name} needs {' and '.join(missing)} in INSTALLED_APPS")
