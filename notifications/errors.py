"""The exceptions of notifications. Each text says why, for whoever asked."""


class NotificationsRefused(Exception):
    """Base of everything the notifications app refuses."""


class CannotResend(NotificationsRefused):
    """This mail is not sent once more."""
