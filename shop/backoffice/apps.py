"""The staff's pages as a Django app, and the admin with a site of its own."""

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig


class StaffConfig(AppConfig):
    name = "shop.backoffice"
    label = "backoffice"
    default = True

    def ready(self) -> None:
        from auditlog.signals import pre_log
        from django.contrib.auth import get_user_model
        from django.db.models.signals import post_delete

        from eventbus.console.hooks import hooks
        from shop.backoffice.auditing import forget_entry, forget_user, only_in_admin
        from shop.backoffice.kept import forget_person
        from shop.backoffice.order_stories import OrderStories

        hooks.lookup = OrderStories()

        pre_log.connect(only_in_admin)
        post_delete.connect(forget_user, sender=get_user_model())
        post_delete.connect(forget_entry, sender="fraud.Blocked")
        post_delete.connect(forget_person, sender=get_user_model())


class StaffAdminConfig(SimpleAdminConfig):
    """Its pages are found by shop.urls: workers and the relay do without them."""

    default_site = "shop.backoffice.site.StaffSite"
