from django.apps import AppConfig


class PricingConfig(AppConfig):
    name = "shop.pricing"
    # A reacting app at the top level may be called pricing.
    label = "shop_pricing"
    verbose_name = "pricing"
