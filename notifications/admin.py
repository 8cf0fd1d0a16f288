"""Mails, and what may become one, in the admin."""

from django.contrib import admin

from eventbus.operations.admin import ReadOnlyAdmin
from notifications.models import BackInStockAlert, Mail, Unsubscribed, WatchedCart


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    # Its page shows what it says, but not every link to everybody.
    exclude = ["text", "html", "sealed"]
    list_display = ["__str__", "recipient", "kind", "number", "state", "created", "sent_at"]
    list_filter = ["state", "kind", "created"]
    search_fields = ["recipient", "subject", "number", "=event_id", "=message_id"]
    date_hierarchy = "created"


@admin.register(WatchedCart)
class WatchedCartAdmin(ReadOnlyAdmin):
    list_display = ["cart_id", "email", "revision", "total", "changed_at", "ordered_at", "reminded"]
    list_filter = [("ordered_at", admin.EmptyFieldListFilter), "changed_at"]
    search_fields = ["=cart_id", "email"]
    date_hierarchy = "changed_at"


@admin.register(BackInStockAlert)
class BackInStockAlertAdmin(ReadOnlyAdmin):
    list_display = ["sku", "email", "wanted_at", "sent_at"]
    list_filter = [("sent_at", admin.EmptyFieldListFilter)]
    search_fields = ["=sku", "email"]


@admin.register(Unsubscribed)
class UnsubscribedAdmin(ReadOnlyAdmin):
    list_display = ["email", "since"]
    search_fields = ["email"]
