"""The audit as a Django app: a panel and two rules of the console."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "shop.audit"
    label = "audit"

    def ready(self) -> None:
        from eventbus.console.alerts import rules
        from eventbus.console.hooks import Panel, hooks
        from eventbus.signals import relay_looked
        from shop.audit import alerts, auditor, runs

        rules.RULES.extend(alerts.RULES)
        hooks.panels.append(Panel("audit/panel.html", lambda: {"proof": runs.proof()}))
        relay_looked.connect(runs.audit_in_time)
        relay_looked.connect(auditor.start_auditor)
