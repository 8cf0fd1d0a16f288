"""Pending redactions in the admin."""

from django.contrib import admin

from eventbus.history.models import Redaction
from eventbus.operations.admin import ReadOnlyAdmin


@admin.register(Redaction)
class RedactionAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "attempts", "next_attempt_at"]
    fields = readonly_fields = ("subjects", "attempts", "next_attempt_at")
