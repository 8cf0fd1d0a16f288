"""The fields of accounts and roles whose changes are logged. Read by the settings.

All other models are registered by their admin pages, see `change_log.log_changes_on`.
"""

MODELS = [
    {"model": "auth.Group", "m2m_fields": ["permissions"]},
    {
        "model": "auth.User",
        "include_fields": ["username", "email", "is_active", "is_staff", "is_superuser"],
        "m2m_fields": ["groups", "user_permissions"],
    },
]

#: Where they are on. Their secrets are in no log, sealed or not.
WEBHOOKS = [
    {
        "model": "eventbus_webhooks.Subscription",
        "include_fields": ["url", "event_types", "description", "sees_personal", "disabled_at"],
    },
]
