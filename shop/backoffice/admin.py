"""Admin pages of what staff wrote and did, and of libraries' models in the admin's theme."""

from allauth.account.models import EmailAddress
from auditlog.admin import LogEntryAdmin as PlainLogEntryAdmin
from auditlog.models import LogEntry
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import EmailField
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminEmailInputWidget

from eventbus.operations.admin import ReadOnlyAdmin
from shop.backoffice.models import OrderComment, RefundLimit, StaffAction
from shop.storefront.forms.fields import MailboxField

for model in (User, Group, EmailAddress, LogEntry):
    admin.site.unregister(model)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):
    formfield_overrides = {
        EmailField: {"form_class": MailboxField, "widget": UnfoldAdminEmailInputWidget},
    }
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    date_hierarchy = "date_joined"

    def view_on_site(self, user: User) -> str:
        """Return the address of their customer page."""
        return reverse("admin:customer", args=[user.pk])


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):
    pass


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnlyAdmin):
    list_display = ["email", "user", "primary", "verified"]
    list_filter = ["primary", "verified"]
    list_select_related = ["user"]
    search_fields = ["email"]


@admin.register(LogEntry)
class LogEntryAdmin(PlainLogEntryAdmin, ModelAdmin):
    list_display = ["created", "resource_url", "action", "msg_short", "user_url"]
    list_filter = ["action"]
    search_fields = ["actor__username", "actor__first_name", "actor__last_name"]
    fieldsets = [
        (None, {"fields": ["created", "user_url", "resource_url"]}),
        ("Changes", {"fields": ["action", "msg"]}),
    ]


@admin.register(OrderComment)
class OrderCommentAdmin(ReadOnlyAdmin):
    list_display = ["at", "by", "text", "order_id"]
    search_fields = ["=order_id", "by", "text"]
    date_hierarchy = "at"


@admin.register(StaffAction)
class StaffActionAdmin(ReadOnlyAdmin):
    list_display = ["at", "by", "what", "order_id"]
    search_fields = ["=order_id", "by", "what"]
    date_hierarchy = "at"


@admin.register(RefundLimit)
class RefundLimitAdmin(ModelAdmin):
    list_display = ["role", "amount"]
    search_fields = ["role"]


# This app is the last one, so every page is registered by now: each shows what staff changed on
# its rows, and each list says when a saved filter applies.
for page in admin.site._registry.values():
    setattr(page, "object_history_template", "staff/history.html")  # noqa: B010 a class's by type
    setattr(page, "list_before_template", "staff/saved_filters.html")  # noqa: B010 a class's by type
