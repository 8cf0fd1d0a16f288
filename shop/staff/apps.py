"""The staff's pages as a Django app, and the admin with a site of its own."""

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig


class StaffConfig(AppConfig):
    name = "shop.staff"
    label = "staff"
    default = True

    def ready(self) -> None:
        from auditlog.signals import pre_log
        from django.contrib.auth import get_user_model
        from django.db.models.signals import post_delete

        from shop.staff.auditing import forget_entry, forget_user, only_in_admin
        from shop.staff.kept import forget_person

        pre_log.connect(only_in_admin)
        post_delete.connect(forget_user, sender=get_user_model())
        post_delete.connect(forget_entry, sender="fraud.Blocked")
        post_delete.connect(forget_person, sender=get_user_model())


class StaffAdminConfig(SimpleAdminConfig):
    """Its pages are found by shop.urls: workers and the relay do without them."""

    default_site = "shop.staff.site.StaffSite"
