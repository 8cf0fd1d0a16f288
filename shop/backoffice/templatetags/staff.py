"""Template tags of the staff pages."""

from typing import Any

from auditlog.models import LogEntry
from django import template
from django.db.models import Model

register = template.Library()

#: Changes of one row that are shown.
MOST = 100


@register.simple_tag
def changes_of(row: Model) -> list[dict[str, Any]]:
    """Return what staff changed on a row, the newest first, with who did it and the old values."""
    entries = LogEntry.objects.get_for_object(row).select_related("actor")[:MOST]
    return [
        {
            "at": entry.timestamp,
            "by": entry.actor,
            "action": entry.get_action_display(),
            "fields": entry.changes_display_dict,
        }
        for entry in entries
    ]
