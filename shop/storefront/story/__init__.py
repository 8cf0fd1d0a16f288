"""An order's story in the shopper's words, told from the facts known so far."""

from shop.storefront.story.fragment import Fragment
from shop.storefront.story.loading import load, load_for_shopper
from shop.storefront.story.steps import Step
from shop.storefront.story.story import Story

__all__ = ["Fragment", "Step", "Story", "load", "load_for_shopper"]
