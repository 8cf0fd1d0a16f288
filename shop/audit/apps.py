"""The audit as a Django app: a panel and two rules of the console."""

from django.apps import AppConfig

#: Seconds between checks whether an audit is due or was requested.
LOOK_EVERY = 5.0


class AuditConfig(AppConfig):
    name = "shop.audit"
    label = "audit"

    def ready(self) -> None:
        from eventbus.console.hooks import hooks
        from eventbus.delivery import periodic
        from shop.audit import alerts, auditor, runs
        from shop.audit.panel import PANEL

        hooks.alert_rules.extend(alerts.RULES)
        hooks.panels.insert(0, PANEL)
        periodic.add("audit", LOOK_EVERY, runs.request_due_audit)
        periodic.add("auditor", LOOK_EVERY, auditor.start_auditor)
