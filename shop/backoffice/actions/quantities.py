"""Dialogs with a quantity for each line of the order."""

from collections.abc import Iterable
from typing import Any

from django import forms

from shop.backoffice.actions.action import Action


class QuantityAction(Action):
    """An action with a quantity field for each line of the order."""

    #: names of the quantity fields
    units: list[str]

    def add_quantity_fields(self, lines: Iterable[tuple[int, Any, int, int]]) -> None:
        """Add a field for each line, given as (number, line, most units, initial units)."""
        self.units = []
        for number, line, most, initial in lines:
            name = f"line-{number}"
            self.units.append(name)
            self.fields[name] = forms.IntegerField(
                label=f"Units of {line.sku} {line.title}",
                help_text=f"at most {most}",
                initial=initial,
                min_value=0,
                max_value=most,
                required=False,
            )

    def quantities(self) -> dict[int, int]:
        """Return the units by line number, of lines that have any."""
        typed = ((name, self.cleaned_data.get(name)) for name in self.units)
        return {int(name.removeprefix("line-")): units for name, units in typed if units}
