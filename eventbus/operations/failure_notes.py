"""Notes on failures that are alike: kept by fingerprint, and there when they come back."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from eventbus.delivery.models import Delivery, OperatorAction
from eventbus.exceptions import BusError
from eventbus.operations.failures import failed_or_parked, record
from eventbus.operations.masking import masked_headlines
from eventbus.operations.models import FailureNote


class UnknownGroup(BusError):
    """No delivery that failed has this fingerprint: see `manage.py failed list`."""


@transaction.atomic
def annotate(fingerprint: str, *, by: str, note: str = "", owner: str = "") -> FailureNote:
    """Keep what is known of a group, and who looks after it; it replaces what was kept.

    A note that is there can be changed when nothing fails like this any more.
    Raises `UnknownGroup`.
    """
    example = failed_or_parked(fingerprint=fingerprint).order_by("id").first()
    kept = FailureNote.objects.filter(pk=fingerprint).first()
    if not fingerprint or not (example or kept):
        raise UnknownGroup(f"nothing that failed has the fingerprint {fingerprint}")
    kept = kept or FailureNote(fingerprint=fingerprint)
    kept.note, kept.owner, kept.by = note, owner, by
    if example:
        _describe(kept, example)
    kept.at = Now()
    kept.save()
    about = example or Delivery(app=kept.app, reaction=kept.reaction)
    record(OperatorAction.Kind.NOTED, [about], by, f"{note} (owner: {owner})" if owner else note)
    return kept


def notes(text: str = "") -> QuerySet[FailureNote]:
    """Return the notes in which a text occurs, in whatever is kept, the newest first."""
    found = Q()
    for field in ("app", "reaction", "error", "note", "owner"):
        found |= Q(**{f"{field}__icontains": text})
    return FailureNote.objects.filter(found if text else Q()).order_by("-at")


def _describe(kept: FailureNote, example: Delivery) -> None:
    kept.app, kept.reaction = example.app, example.reaction
    kept.error = masked_headlines([example.pk]).get(example.pk, "")
