"""Text with markup that people write: what of it may stand in a page."""

from typing import Any

import nh3
from django.db import models

#: Where a link or picture in it may lead: never to a script, a file or data.
SCHEMES = {"http", "https", "mailto", "tel"}


def clean(markup: str) -> str:
    """Return the markup without anything that could run, ask for something or restyle the page.

    Of attributes only those in nh3's list stay: no `hx-`, `data-`, `x-`, `on`, `style` or `class`.
    """
    return nh3.clean(markup, url_schemes=SCHEMES)


def words(markup: str) -> str:
    """Return its words alone, still escaped as in HTML."""
    return nh3.clean(markup.replace("<", " <"), tags=set())


class MarkupField(models.TextField):
    """Text with markup, cleaned whoever writes it: a form, an import, a bulk statement, a shell."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Give the row in hand what the database has from now on."""
        value = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return clean(prepared) if isinstance(prepared, str) else prepared
