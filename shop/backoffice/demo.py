"""Demo logins: one for each role of staff."""

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import Group, User
from django.db.models import Q

from shop.backoffice.roles import ROLES

#: The demo superuser, and the demo customer's address, with their passwords.
STAFF, CUSTOMER = "staff", "customer@shop.example"
PASSWORDS = {STAFF: "staff", CUSTOMER: "customer", **{role: role for role in ROLES}}


def load_demo_logins() -> None:
    """Create the role logins, such as `support` with the password `support`, if missing."""
    for role in ROLES:
        if not User.objects.filter(username=role).exists():
            user = User.objects.create_user(role, f"{role}@shop.example", role, is_staff=True)
            user.groups.add(Group.objects.get(name=role))


def open_demo_logins() -> list[str]:
    """Return the logins that still have their published password."""
    known = Q(username__in=PASSWORDS) | Q(email=CUSTOMER)
    users = User.objects.filter(known, is_active=True).order_by("username")
    names = {user: CUSTOMER if user.email == CUSTOMER else user.username for user in users}
    return [name for user, name in names.items() if check_password(PASSWORDS[name], user.password)]
