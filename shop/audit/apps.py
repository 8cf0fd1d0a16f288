"""The audit as a Django app: a panel and two rules of the console."""

from django.apps import AppConfig

#: Seconds between checks whether an audit is due or was requested.
LOOK_EVERY = 15.0


class AuditConfig(AppConfig):
    name = "shop.audit"
    label = "audit"

    def ready(self) -> None:
        from eventbus.console.hooks import Panel, hooks
        from eventbus.delivery import periodic
        from shop.audit import alerts, auditor, runs

        hooks.alert_rules.extend(alerts.RULES)
        hooks.panels.append(Panel("audit/panel.html", lambda: {"audit": runs.summary()}))
        periodic.add("audit", LOOK_EVERY, runs.request_due_audit)
        periodic.add("auditor", LOOK_EVERY, auditor.start_auditor)
