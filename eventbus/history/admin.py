"""What is to be forgotten, in the admin."""

from django.contrib import admin

from eventbus.history.models import Redaction
from eventbus.operations.admin import ReadOnlyAdmin


@admin.register(Redaction)
class RedactionAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "looks", "next_look_at"]
    fields = readonly_fields = ("subjects", "looks", "next_look_at")
