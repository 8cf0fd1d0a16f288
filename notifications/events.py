"""The events of the notifications app."""

from uuid import UUID

from eventbus import Deadline, Task

# Deadlines: timers of our own, emitted ahead and published when due.


class CartReminderDue(Deadline):
    """Time to see whether a cart was left alone."""

    cart_id: UUID
    #: the state of the cart that started the clock
    revision: int


# Tasks: commands to ourselves, carried out by a worker of ours.


class ResendMail(Task):
    """Send a mail once more, because staff want it."""

    mail_id: UUID
    #: the mail that goes out as its copy
    copy_id: UUID
    #: who of the staff
    by: str


class SendBackInStockAlert(Task):
    """Tell somebody that what they wait for can be bought again."""

    alert_id: UUID
    sku: str
