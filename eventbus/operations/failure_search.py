"""Search over failures: error texts, names, notes. Only what is open is looked through."""

from collections.abc import Iterable

from django.db.models import Min, QuerySet

from eventbus.delivery.models import Delivery
from eventbus.operations.failures import FailureGroup, Key
from eventbus.operations.masking import shown_error


def groups_with(
    text: str, groups: Iterable[FailureGroup], rows: QuerySet[Delivery], *, personal: bool
) -> list[FailureGroup]:
    """Return the groups of `rows` in which a text occurs: in an error, a name or the note.

    Unless `personal`, what errors tell of people is not found: an answer would tell it.
    """
    by_error = _with_error(text, rows, personal=personal)
    wanted = text.lower()
    return [
        group
        for group in groups
        if group.key in by_error or wanted in _written_about(group).lower()
    ]


def _with_error(text: str, rows: QuerySet[Delivery], *, personal: bool) -> set[Key]:
    found = rows.order_by().filter(error__icontains=text)
    firsts = found.values("app", "reaction", "fingerprint").annotate(first=Min("id"))
    examples = Delivery.objects.filter(pk__in=[each["first"] for each in firsts])
    return {
        (row.app, row.reaction, row.fingerprint)
        for row in examples.select_related("event")
        if text.lower() in shown_error(row, personal=personal).lower()
    }


def _written_about(group: FailureGroup) -> str:
    return "\n".join((f"{group.app}.{group.reaction}", group.note, group.owner))
