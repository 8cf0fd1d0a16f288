"""Which rows' changes are written down with who made them. Read by the settings."""

#: Models that staff change in the admin. What workers change is told by events.
MODELS = [
    "catalogue.Category",
    "catalogue.Product",
    "catalogue.Variant",
    "catalogue.Image",
    "pricing.Promotion",
    "pricing.TaxZone",
    "pricing.TaxRate",
    "fraud.Blocked",
    "backoffice.RefundLimit",
    {"model": "auth.Group", "m2m_fields": ["permissions"]},
    {
        "model": "auth.User",
        "include_fields": ["username", "email", "is_active", "is_staff", "is_superuser"],
        "m2m_fields": ["groups", "user_permissions"],
    },
]
