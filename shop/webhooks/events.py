"""The shop's events about webhooks."""

from eventbus import Event, Mailbox, Personal


class WebhookDisabled(Event):
    """A customer's web server is told of nothing any more, until they enable it again."""

    customer_id: str
    email: Personal[Mailbox]
    #: of the server
    host: str
    #: whether it asked for no more; otherwise it took nothing for days
    gone: bool
    language: str = "en"
