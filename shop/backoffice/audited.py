"""Accounts and their roles are written down in part. Read by the settings.

All else that staff change is found by its pages, see `auditing.audit_changes_on`.
"""

MODELS = [
    {"model": "auth.Group", "m2m_fields": ["permissions"]},
    {
        "model": "auth.User",
        "include_fields": ["username", "email", "is_active", "is_staff", "is_superuser"],
        "m2m_fields": ["groups", "user_permissions"],
    },
]
