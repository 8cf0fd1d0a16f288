"""What is asked of the page, and how a budget is set."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from eventbus import clock
from eventbus.console.throughput import time_range
from eventbus.console.throughput.time_range import LONGEST, PRESETS, SHORTEST, TimeRange
from eventbus.operations.models import ServiceLevel

UNITS = {"ms": timedelta(milliseconds=1), "s": timedelta(seconds=1), "min": timedelta(minutes=1)}
#: Of this many years nobody has kept anything.
OLDEST = timedelta(days=3660)


class MomentField(forms.Field):
    """A time as ISO 8601 has it; without a zone, in the one that people read."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError as error:
            raise forms.ValidationError("Write a time as 2026-05-04T14:05.") from error
        return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


class RangeForm(forms.Form):
    """Which time is looked at, and which apps."""

    span = forms.ChoiceField(
        required=False,
        choices=[(name, words) for name, (words, _) in PRESETS.items()],
        error_messages={"invalid_choice": f"Choose one of {', '.join(PRESETS)}."},
    )
    since = MomentField(required=False, label="From")
    until = MomentField(required=False, label="To")
    app = forms.MultipleChoiceField(
        required=False,
        label="Apps",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "No app is called %(value)s."},
    )

    def __init__(self, *args: Any, apps: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["app"].choices = [(app, app) for app in apps]  # type: ignore[attr-defined]

    def clean_since(self) -> datetime | None:
        since: datetime | None = self.cleaned_data["since"]
        if since and since > time_range.last_minute() - SHORTEST:
            raise forms.ValidationError("That is not two minutes ago yet.")
        if since and since < clock.now() - OLDEST:
            raise forms.ValidationError("That is more than ten years ago.")
        return since

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        since, until = asked.get("since"), asked.get("until")
        if until and not since and "since" not in self.errors:
            self.add_error("since", "Say from when, too.")
        if since and until and until - since < SHORTEST:
            self.add_error("until", "It must be at least two minutes after the beginning.")
        if since and (until or clock.now()) - since > LONGEST:
            self.add_error("since", "At most a year can be looked at.")
        return asked

    def time(self) -> TimeRange:
        """Return the time that is asked for, or the last hour."""
        asked = getattr(self, "cleaned_data", {})
        if self.is_valid() and asked["since"]:
            return time_range.chosen(asked["since"], asked["until"] or time_range.last_minute())
        return time_range.preset(asked.get("span") or next(iter(PRESETS)))

    def apps(self) -> list[str]:
        """Return the apps that are asked for; none stands for all."""
        return getattr(self, "cleaned_data", {}).get("app", [])


class LevelForm(forms.Form):
    """How soon an app is to react, and how often at least."""

    latency = forms.DecimalField(label="Done within", min_value=Decimal("0.001"), max_digits=10)
    unit = forms.ChoiceField(
        label="Unit", choices=[("ms", "milliseconds"), ("s", "seconds"), ("min", "minutes")]
    )
    percent = forms.DecimalField(
        label="Percent of all reactions",
        min_value=Decimal(1),
        max_value=Decimal("99.999"),
        max_digits=6,
        decimal_places=3,
    )
    reason = forms.CharField(max_length=500, label="Reason", help_text="Others will read it.")

    def level(self) -> dict[str, Any]:
        """Return the level in the units of a `ServiceLevel`."""
        asked = self.cleaned_data
        latency = float(asked["latency"]) * UNITS[asked["unit"]]
        share = float(asked["percent"] / 100)
        return {"latency": latency, "share": share, "reason": asked["reason"]}


def level_form(level: ServiceLevel) -> LevelForm:
    """Return a form that shows a level in the largest unit that fits."""
    unit = max((u for u in UNITS if level.latency >= UNITS[u]), key=UNITS.__getitem__, default="ms")
    latency, percent = level.latency / UNITS[unit], round(level.share * 100, 3)
    return LevelForm(initial={"latency": f"{latency:g}", "unit": unit, "percent": f"{percent:g}"})
