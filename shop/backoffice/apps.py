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

        from eventbus.console.hooks import Theme, hooks
        from shop.backoffice import now
        from shop.backoffice.change_log import log_only_in_admin, redact_account, redact_deleted
        from shop.backoffice.order_stories import OrderStories
        from shop.backoffice.saved_filters import delete_filters

        # The policy is that of `shop.web.security_headers`.
        hooks.theme = Theme(policy=None, brings_htmx=True)
        hooks.lookup = OrderStories()
        hooks.figures.append(now.FIGURE)
        hooks.panels.append(now.PANEL)

        pre_log.connect(log_only_in_admin)
        post_delete.connect(redact_account, sender=get_user_model())
        post_delete.connect(redact_deleted, sender="fraud.Blocked")
        post_delete.connect(delete_filters, sender=get_user_model())


class StaffAdminConfig(SimpleAdminConfig):
    """The admin; `shop.urls` loads its pages, so that workers and the relay need not."""

    default_site = "shop.backoffice.site.StaffSite"
