"""Fraud in the admin: the screenings, what staff decide about them, and the block list."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.forms import ActionForm
from unfold.widgets import UnfoldAdminTextInputWidget

from fraud import services
from fraud.errors import FraudRefused
from fraud.models import Blocked, Screening
from shop.bus.admin import ReadOnly


class WhyForm(ActionForm):
    why = forms.CharField(
        required=False,
        max_length=200,
        label="why (when refusing)",
        widget=UnfoldAdminTextInputWidget,
    )


@admin.register(Screening)
class ScreeningAdmin(ReadOnly):
    list_display = [
        "__str__",
        "score",
        "reasons",
        "email",
        "amount",
        "currency",
        "decided_by",
        "placed_at",
    ]
    list_filter = ["verdict", ("decided_by", admin.EmptyFieldListFilter), "placed_at"]
    search_fields = ["=order_id", "=number", "email", "=customer_id", "=fingerprint"]
    date_hierarchy = "placed_at"
    ordering = ["-placed_at"]
    action_form = WhyForm
    actions = ["clear_selected", "refuse_selected"]

    def view_on_site(self, row: Screening) -> str:
        """The order's page, with what the other apps know of it."""
        return reverse("admin:order", args=[row.order_id])

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("fraud.change_screening")

    @admin.action(description="Clear: let the order go on", permissions=["decide"])
    def clear_selected(self, request: HttpRequest, screenings: QuerySet[Screening]) -> None:
        decide = partial(services.clear, by=request.user.get_username())
        self._decide(request, "Cleared", screenings, decide)

    @admin.action(description="Refuse: take the order for fraud", permissions=["decide"])
    def refuse_selected(self, request: HttpRequest, screenings: QuerySet[Screening]) -> None:
        why = request.POST.get("why") or "no reason given"
        decide = partial(services.refuse, by=request.user.get_username(), why=why)
        self._decide(request, "Refused", screenings, decide)

    def _decide(
        self,
        request: HttpRequest,
        done: str,
        screenings: QuerySet[Screening],
        decide: Callable[[UUID], None],
    ) -> None:
        for screening in screenings:
            try:
                decide(screening.order_id)
            except FraudRefused as refusal:
                self.message_user(request, f"Not decided: {refusal}", messages.ERROR)
            else:
                self.message_user(request, f"{done}: {screening.number}")


@admin.register(Blocked)
class BlockedAdmin(ModelAdmin):
    list_display = ["value", "note", "added_at"]
    list_filter = ["added_at"]
    search_fields = ["value", "note"]
    date_hierarchy = "added_at"
