"""What the web process asks of its database before it serves."""

from django.conf import settings

from shop.bus.errors import NotStarted
from shop.bus.starting import refuse_outdated
from shop.staff.demo import open_demo_logins


def refuse_unfit() -> None:
    """Raises `NotStarted` if migrations are missing, or strangers know a password of this shop."""
    refuse_outdated()
    if settings.PRODUCTION:
        refuse_demo_logins()


def refuse_demo_logins() -> None:
    """Raises `NotStarted` with the demonstration's logins that have their passwords still."""
    if names := open_demo_logins():
        raise NotStarted(
            f"not started: {', '.join(names)}: everybody knows the demonstration's passwords; "
            "delete these logins, or run: python manage.py changepassword"
        )
