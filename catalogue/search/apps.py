"""The search as a Django app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    """Search."""

    name = "catalogue.search"
    label = "search"

    def ready(self) -> None:
        """Follow what changes in the catalogue and in stock."""
        from catalogue.search import following  # noqa: F401 it connects itself
        from catalogue.search.indexing import write_anew
        from catalogue.search.models import Listing, Word
        from eventbus import projection

        projection(Word)
        projection(Listing, filled_by=write_anew)
        post_migrate.connect(_fill, sender=self)


def _fill(plan: Any = (), **_: Any) -> None:
    """Fill the listings after a change of their tables: a shop may have products already."""
    from catalogue.search.indexing import write_anew

    if any(migration.app_label == "search" and not back for migration, back in plan):
        write_anew()
