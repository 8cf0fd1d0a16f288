"""The progress of an order in texts for its shopper, from the facts known so far."""

from shop.storefront.progress.fragment import Fragment
from shop.storefront.progress.loading import load, load_for_shopper
from shop.storefront.progress.order_progress import OrderProgress
from shop.storefront.progress.steps import Step

__all__ = ["Fragment", "OrderProgress", "Step", "load", "load_for_shopper"]
