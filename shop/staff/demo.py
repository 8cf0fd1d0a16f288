"""A login for each role of staff, to try them out."""

from django.contrib.auth.models import Group, User

from shop.staff.roles import ROLES


def load_demo_logins() -> None:
    """`support` with the password `support`, and so on; a login that is there stays as it is."""
    for role in ROLES:
        if not User.objects.filter(username=role).exists():
            user = User.objects.create_user(role, f"{role}@shop.example", role, is_staff=True)
            user.groups.add(Group.objects.get(name=role))
