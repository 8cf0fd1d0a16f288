"""How many units of each line: fields of a dialog."""

from collections.abc import Iterable
from typing import Any

from django import forms

from shop.backoffice.actions.action import Action


class ByUnits(Action):
    """An action with a quantity for each line of the order."""

    #: the names of these fields
    units: list[str]

    def add_units(self, lines: Iterable[tuple[int, Any, int, int]]) -> None:
        """A field for each line: its number, itself, the most units, and those at first."""
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

    def units_typed(self) -> dict[int, int]:
        """The units by line number, of lines that have any."""
        typed = ((name, self.cleaned_data.get(name)) for name in self.units)
        return {int(name.removeprefix("line-")): units for name, units in typed if units}
