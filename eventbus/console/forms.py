"""The forms of the operators' pages."""

from typing import Any

from django import forms

from eventbus import registry
from eventbus.delivery.models import OperatorAction
from eventbus.operations.failures import LARGEST_ID

MOST = 1000


class Ids(forms.Field):
    """The ids that were ticked."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[int]:
        texts = value or []
        if len(texts) > MOST:
            raise forms.ValidationError(f"Choose at most {MOST}, or the whole group.")
        if not all(text.isdecimal() and int(text) <= LARGEST_ID for text in texts):
            raise forms.ValidationError("One of these is no delivery's id.")
        return [int(text) for text in texts]


class ChangeForm(forms.Form):
    """What to do with which deliveries; of many, where the last step ended."""

    what = forms.ChoiceField(choices=[("retry", "retry"), ("discard", "discard")])
    scope = forms.ChoiceField(choices=[("selected", ""), ("group", ""), ("all", "")])
    ids = Ids(required=False)
    fingerprint = forms.SlugField(required=False)
    limit = forms.ChoiceField(required=False, choices=[("1", ""), ("10", ""), ("all", "")])
    reason = forms.CharField(required=False, max_length=500)
    since = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_ID)
    after = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_ID)
    until = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_ID)
    total = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_ID)
    changed = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_ID)
    refused = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_ID)

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if asked.get("what") == "discard" and not asked.get("reason"):
            self.add_error("reason", "Say why: it is kept with each of them.")
        if asked.get("scope") == "selected" and not (asked.get("ids") or self.errors.get("ids")):
            self.add_error("ids", "Choose at least one.")
        if asked.get("scope") == "group" and not asked.get("fingerprint"):
            self.add_error("fingerprint", "Say which group.")
        return asked


class FailedFilter(forms.Form):
    """Which groups of failures to list."""

    q = forms.CharField(required=False, max_length=200, label="Search in errors and notes")
    app = forms.CharField(required=False, max_length=50)
    reaction = forms.CharField(required=False, max_length=100)
    state = forms.ChoiceField(
        required=False, choices=[("", "any"), ("parked", "parked"), ("failed", "to be retried")]
    )
    release = forms.CharField(required=False, max_length=110)
    page = forms.CharField(required=False, max_length=10)


class NotesFilter(forms.Form):
    """Which notes to list."""

    q = forms.CharField(required=False, max_length=200, label="Search in notes")


class ActsFilter(forms.Form):
    """Which acts of operators to list."""

    kind = forms.ChoiceField(
        required=False, choices=[("", "any"), *OperatorAction.Kind.choices], label="What"
    )
    by = forms.CharField(required=False, max_length=150, label="Who")
    app = forms.CharField(required=False, max_length=50, label="App")


class WatchForm(forms.Form):
    """What is watched: how many there were after which action, and whose, or of which reaction."""

    of = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_ID)
    since = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_ID)
    by = forms.CharField(required=False, max_length=150)
    app = forms.CharField(required=False, max_length=50)
    reaction = forms.CharField(required=False, max_length=100)


class NoteForm(forms.Form):
    """What is known of failures that are alike."""

    owner = forms.CharField(required=False, max_length=150, label="Who looks after it")
    note = forms.CharField(
        required=False,
        max_length=2000,
        label="What is known",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PauseForm(forms.Form):
    """What is to react to nothing for now, and why."""

    what = forms.ChoiceField(label="App or reaction")
    reason = forms.CharField(max_length=500, label="Reason", help_text="others will read it")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {f"{each.app}.{each.name}" for _, each in registry.all_reactions()}
        everything = sorted({*registry.apps_with_reactions(), *names})
        self.fields["what"].choices = [(name, name) for name in everything]  # type: ignore[attr-defined]


class ResumeForm(forms.Form):
    """What is to react again."""

    app = forms.CharField(max_length=50)
    reaction = forms.CharField(required=False, max_length=100)
    reason = forms.CharField(required=False, max_length=500)


class UnknownEventsForm(forms.Form):
    """What to do with events of a type that no code here knows."""

    action = forms.ChoiceField(choices=[("park", "Park"), ("discard", "Discard")])
    type = forms.CharField(max_length=100)
    reason = forms.CharField(max_length=500, label="Reason", help_text="others will read it")
