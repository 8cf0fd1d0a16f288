"""`manage.py load_demo`."""

from typing import Any

from django.contrib.auth import get_user_model

from catalogue.demo.loading import load_demo_catalogue
from eventbus.commands import BaseOperatorCommand
from pricing.demo import load_demo_codes
from pricing.rates import load_rates
from shop.accounts import is_taken, register
from shop.backoffice.demo import CUSTOMER, PASSWORDS, STAFF, load_demo_logins
from shop.backoffice.roles import ROLES


class Command(BaseOperatorCommand):
    """Fills the shop for a demonstration."""

    help = (
        "Load the demo catalogue, tax rates, promotion codes, a staff login (staff / staff), one "
        "for each role of staff (support / support and so on) and a customer "
        "(customer@shop.example / customer). May be run again: what is there stays as it is. "
        "The passwords are known to everybody: not for a shop that others can reach."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Demo catalogue. {load_demo_catalogue().summary()}")
        load_rates()
        load_demo_codes()
        _ensure_staff()
        load_demo_logins()
        _ensure_customer()
        self.stdout.write(
            f"Demo logins: {STAFF} / staff (admin), {', '.join(ROLES)} (their names are their "
            f"passwords), {CUSTOMER} / customer."
        )


def _ensure_staff() -> None:
    users = get_user_model()._default_manager
    if not users.filter(username=STAFF).exists():
        users.create_superuser(STAFF, "staff@shop.example", PASSWORDS[STAFF])


def _ensure_customer() -> None:
    if not is_taken(CUSTOMER):
        register(CUSTOMER, PASSWORDS[CUSTOMER], "Casey Customer", confirmed=True)
