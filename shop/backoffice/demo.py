"""A login for each role of staff, to try them out."""

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import Group, User
from django.db.models import Q

from shop.backoffice.roles import ROLES

#: The superuser of the demonstration, and the customer's address, with their passwords.
STAFF, CUSTOMER = "staff", "customer@shop.example"
PASSWORDS = {STAFF: "staff", CUSTOMER: "customer", **{role: role for role in ROLES}}


def load_demo_logins() -> None:
    """`support` with the password `support`, and so on; a login that is there stays as it is."""
    for role in ROLES:
        if not User.objects.filter(username=role).exists():
            user = User.objects.create_user(role, f"{role}@shop.example", role, is_staff=True)
            user.groups.add(Group.objects.get(name=role))


def open_demo_logins() -> list[str]:
    """Whose password is still the one that everybody knows."""
    known = Q(username__in=PASSWORDS) | Q(email=CUSTOMER)
    users = User.objects.filter(known, is_active=True).order_by("username")
    names = {user: CUSTOMER if user.email == CUSTOMER else user.username for user in users}
    return [name for user, name in names.items() if check_password(PASSWORDS[name], user.password)]
