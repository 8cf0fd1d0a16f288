"""Mails to customers, comments for colleagues."""

from django import forms
from django.contrib.auth.models import AbstractUser

from notifications import services as notifications
from shop.backoffice.actions.action import Action
from shop.backoffice.models import OrderComment
from shop.backoffice.order import OrderOverview


class Resend(Action):
    title = "Send the mail again"
    submit_label = "Send it again"
    advice = "A copy goes to the same address."
    permission = "notifications.resend_mail"
    of_part = True

    @classmethod
    def is_available(cls, overview: OrderOverview) -> bool:
        return any(mail.state != "sending" for mail in overview.mails)

    def is_about_the_order(self) -> bool:
        return any(mail.pk == self.part for mail in self.overview.mails)

    def execute(self, user: AbstractUser) -> str:
        notifications.resend(self.part_id, by=user.get_username())
        mail = next(mail for mail in self.overview.mails if mail.pk == self.part)
        return f"had a mail sent again: {mail}"


class Comment(Action):
    title = "Comment"
    submit_label = "Add the comment"
    permission = "backoffice.add_ordercomment"

    text = forms.CharField(
        label="Comment, for colleagues only",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @classmethod
    def is_available(cls, overview: OrderOverview) -> bool:
        return True

    def execute(self, user: AbstractUser) -> str:
        """Add the comment; it needs no outcome, because the timeline shows the comment itself."""
        OrderComment.objects.create(
            order_id=self.overview.order.id, by=user.get_username(), text=self.cleaned_data["text"]
        )
        return ""
