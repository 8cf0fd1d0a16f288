"""Subscriptions, messages and the log of attempts in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from eventbus.bridges.webhooks import services
from eventbus.bridges.webhooks.errors import CannotSend, RefusedSubscription
from eventbus.bridges.webhooks.models import Attempt, Message, Subscription
from eventbus.bridges.webhooks.offers import checked_types, offers
from eventbus.bridges.webhooks.receiver_url import checked_url
from eventbus.bridges.webhooks.signing import new_secret
from eventbus.operations.admin import ModelAdmin, ReadOnlyAdmin, ReadOnlyInline

#: Messages that one press of a button sends.
MOST_AT_ONCE = 100


class SubscriptionForm(forms.ModelForm):
    """Takes what `services.subscribe` takes, with the same refusals."""

    event_types = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, help_text="what the receiver is told of"
    )

    class Meta:
        model = Subscription
        fields = ("url", "event_types", "description", "sees_personal")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "event_types" in self.fields:
            self.fields["event_types"].choices = [  # type: ignore[attr-defined]
                (offer.type, f"{offer.type}: {offer.about}") for offer in offers()
            ]

    def clean_url(self) -> str:
        return _checked(checked_url, self.cleaned_data["url"])

    def clean_event_types(self) -> list[str]:
        return _checked(checked_types, self.cleaned_data["event_types"])


def _checked(check: Any, value: Any) -> Any:
    try:
        return check(value)
    except RefusedSubscription as refusal:
        raise forms.ValidationError(refusal.why) from refusal


@admin.register(Subscription)
class SubscriptionAdmin(ModelAdmin):
    form = SubscriptionForm
    list_display = ("host", "owner", "event_types", "failing_since", "disabled_at", "created_at")
    list_filter = (("disabled_at", admin.EmptyFieldListFilter), "created_at")
    search_fields = ("=id", "=owner", "url", "description")
    actions = ("enable", "disable", "make_new_secret", "send_test")
    readonly_fields = (
        "owner",
        "created_at",
        "failing_since",
        "rests_until",
        "disabled_at",
        "disabled_because",
        "old_secret_until",
    )

    def get_fields(self, request: HttpRequest, obj: Subscription | None = None) -> list[str]:
        wished = [*SubscriptionForm.Meta.fields]
        return [*wished, *self.readonly_fields] if obj else wished

    def get_readonly_fields(
        self, request: HttpRequest, obj: Subscription | None = None
    ) -> list[str]:
        """Leave it to those who may see personal data to have it sent, and to say where."""
        fixed = [*self.readonly_fields]
        if not request.user.has_perm("eventbus.see_personal"):
            fixed += ["sees_personal", *(["url"] if obj and obj.sees_personal else [])]
        return fixed

    def save_model(self, request: HttpRequest, obj: Subscription, form: Any, change: bool) -> None:
        """Give a new one a secret; of another save what was changed alone: it may have its turn."""
        if change:
            obj.save(update_fields=form.changed_data)
            return
        secret = new_secret()
        obj.sign_with(secret)
        setattr(request, "new_secret", secret)  # noqa: B010 requests have no such attribute
        obj.save()

    def response_add(
        self, request: HttpRequest, obj: Subscription, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the secret, this once, in the answer itself: it is kept in no session or cookie."""
        return self._secret_page(request, obj, getattr(request, "new_secret"))  # noqa: B009

    @admin.action(description="Enable", permissions=["change"])
    def enable(self, request: HttpRequest, chosen: QuerySet[Subscription]) -> None:
        for subscription in chosen:
            services.enable(subscription.pk)

    @admin.action(description="Disable", permissions=["change"])
    def disable(self, request: HttpRequest, chosen: QuerySet[Subscription]) -> None:
        for subscription in chosen:
            services.disable(subscription.pk)

    @admin.action(description="Make a new secret", permissions=["change"])
    def make_new_secret(
        self, request: HttpRequest, chosen: QuerySet[Subscription]
    ) -> HttpResponse | None:
        if chosen.count() != 1:
            messages.error(request, "Choose one subscription: its secret is shown once.")
            return None
        subscription = chosen.get()
        return self._secret_page(request, subscription, services.rotate_secret(subscription.pk))

    @admin.action(description="Send a test message", permissions=["change"])
    def send_test(self, request: HttpRequest, chosen: QuerySet[Subscription]) -> None:
        for subscription in chosen[:MOST_AT_ONCE]:
            try:
                services.send_test(subscription.pk, str(request.user))
            except CannotSend as refusal:
                messages.error(request, f"{subscription.host}: {refusal}")
            else:
                messages.success(request, f"{subscription.host} is sent a test: see Messages.")

    def _secret_page(
        self, request: HttpRequest, subscription: Subscription, secret: str
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "The secret of a receiver",
            "opts": self.opts,
            "subscription": subscription,
            "secret": secret,
        }
        return TemplateResponse(
            request,
            "admin/eventbus_webhooks/secret.html",
            context,
            headers={"Cache-Control": "no-store"},
        )


class Attempts(ReadOnlyInline):
    model = Attempt
    fields = ("at", "status", "duration_ms", "error", "response", "asked_by")


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = (
        "event_type",
        "subject",
        "subscription",
        "state",
        "attempts",
        "next_attempt_at",
        "created_at",
    )
    list_filter = ("state", "event_type")
    list_select_related = ("subscription",)
    search_fields = ("=event_id", "=subject", "=subscription__id", "=subscription__owner")
    date_hierarchy = "created_at"
    inlines = (Attempts,)
    actions = ("send_again",)

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("eventbus_webhooks.change_subscription")

    @admin.action(description="Send again", permissions=["send"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[Message]) -> HttpResponse:
        for message in chosen.select_related("subscription")[:MOST_AT_ONCE]:
            try:
                services.send_again(message, str(request.user))
            except CannotSend as refusal:
                messages.error(request, f"{message}: {refusal}")
            else:
                messages.success(request, f"{message} is sent again.")
        return redirect(reverse("admin:eventbus_webhooks_message_changelist"))
