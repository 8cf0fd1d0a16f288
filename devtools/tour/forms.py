"""The form that begins an experiment."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator

from devtools.tour.experiments import BY_NAME
from devtools.tour.shoppers import MOST, most_orders

#: Seconds that it may last.
LONGEST = 60


class BeginForm(forms.Form):
    """Which experiment, on which app, for how long, and how many orders come meanwhile."""

    experiment = forms.ChoiceField(choices=[(name, name) for name in BY_NAME])
    app = forms.ChoiceField(required=False, label="App")
    seconds = forms.IntegerField(label="Seconds", min_value=1, max_value=LONGEST)
    orders = forms.IntegerField(label="Orders meanwhile", min_value=0, max_value=MOST)

    def __init__(self, apps: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["orders"].validators.append(MaxValueValidator(most_orders()))
        choice = self.fields["app"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(app, app) for app in apps]

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        experiment = BY_NAME.get(asked.get("experiment", ""))
        if experiment and experiment.of_app and not (asked.get("app") or "app" in self.errors):
            self.add_error("app", "Choose one.")
        return asked
