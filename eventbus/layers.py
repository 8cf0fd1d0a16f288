"""The layers that a project may install: each needs those above it."""

from django.apps import AppConfig, apps
from django.core.exceptions import ImproperlyConfigured

LAYERS = tuple(
    f"eventbus.{name}" for name in ("delivery", "messaging", "operations", "history", "console")
)


class LayerConfig(AppConfig):
    """Base of the layers' `AppConfig`s. Refuses to start without the layers above.

    Used by its module's name: of two classes in an `apps.py` Django takes neither.
    """

    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Raise `ImproperlyConfigured`, naming what is not in INSTALLED_APPS."""
        above = LAYERS[: LAYERS.index(self.name)]
        if missing := [each for each in above if not apps.is_installed(each)]:
            raise ImproperlyConfigured(
                f"{self.name} needs {' and '.join(missing)} in INSTALLED_APPS"
            )
