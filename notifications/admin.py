"""Mails and watched carts in the admin."""

from django.contrib import admin

from notifications.models import Mail, WatchedCart
from shop.bus.admin import ReadOnly


@admin.register(Mail)
class MailAdmin(ReadOnly):
    list_display = ["subject", "recipient", "kind", "number", "state", "created", "sent_at"]
    list_filter = ["state", "kind", "created"]
    search_fields = ["recipient", "subject", "number", "=event_id", "=message_id"]
    date_hierarchy = "created"


@admin.register(WatchedCart)
class WatchedCartAdmin(ReadOnly):
    list_display = ["cart_id", "email", "revision", "total", "changed_at", "ordered_at", "reminded"]
    list_filter = [("ordered_at", admin.EmptyFieldListFilter), "changed_at"]
    search_fields = ["=cart_id", "email"]
    date_hierarchy = "changed_at"
