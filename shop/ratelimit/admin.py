"""Admin page of failed logins, on which staff unlock an account."""

from axes.models import AccessAttempt
from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin


@admin.register(AccessAttempt)
class AccessAttemptAdmin(ModelAdmin):
    """Failed logins of the last minutes; whoever is deleted here may log in again at once."""

    list_display = ["username", "ip_address", "failures_since_start", "path_info", "attempt_time"]
    search_fields = ["username", "=ip_address"]
    fields = readonly_fields = list_display

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
