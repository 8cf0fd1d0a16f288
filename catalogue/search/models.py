"""What lists and searches read: a line for each product on sale, and the words they use."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from djmoney.money import Money

from catalogue.pictures import Picture
from catalogue.stock import UNKNOWN, Stock

#: Units, in a line, of what nobody counts.
ENDLESS = 2_147_483_647


class Listing(models.Model):
    """A product that shoppers see, with all its variants in one line.

    Written by `indexing` alone, never by hand.
    """

    product_id = models.BigIntegerField(primary_key=True)
    handle = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    name = models.TextField(help_text="the title as it is sorted")
    created = models.DateTimeField()
    categories = ArrayField(models.BigIntegerField(), help_text="from the top down to its own")
    top_category = models.BigIntegerField(null=True, help_text="the top one of its categories")
    picture_src = models.CharField(max_length=600, blank=True)
    currency = models.CharField(max_length=3)
    price_min = models.DecimalField(max_digits=12, decimal_places=2)
    price_max = models.DecimalField(max_digits=12, decimal_places=2)
    price_before = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, help_text="the cheapest variant's former price"
    )
    most = models.IntegerField(null=True, help_text="units of the variant there is most of")
    uncounted = models.BooleanField(help_text="whether some variant was not told of or counted yet")
    backorder = models.BooleanField(
        default=False, help_text="whether some variant sells without being there"
    )
    available = models.BooleanField(help_text="whether any variant can be bought")
    options = ArrayField(models.TextField(), help_text="as Size:S, of any variant")
    options_available = ArrayField(models.TextField(), help_text="of variants that can be bought")
    words = SearchVectorField(help_text="title A, codes and options B, kinds C, description D")

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="search_listing_words"),
            GinIndex(fields=["categories"], name="search_listing_categories"),
            GinIndex(fields=["options"], name="search_listing_options"),
            GinIndex(fields=["options_available"], name="search_listing_options_there"),
            models.Index(fields=["-created", "product_id"], name="search_listing_newest"),
            models.Index(
                fields=["top_category", "product_id"],
                condition=~Q(picture_src=""),
                name="search_listing_top_category",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def current_price(self) -> Money:
        """Of the cheapest variant."""
        return Money(self.price_min, self.currency)

    @property
    def compare_at_price(self) -> Money | None:
        """Return what the cheapest variant cost before."""
        return None if self.price_before is None else Money(self.price_before, self.currency)

    @property
    def reduced(self) -> bool:
        """Return whether the cheapest variant cost more before."""
        return (self.price_before or Decimal(0)) > self.price_min

    @property
    def prices_differ(self) -> bool:
        return self.price_min != self.price_max

    @property
    def stock(self) -> Stock:
        """Of the variant that is easiest to get."""
        if self.most == ENDLESS:
            return Stock(selling="untracked")
        known = Stock(self.most, "backorder" if self.backorder else "tracked")
        return UNKNOWN if self.uncounted and known.kind != "in-stock" else known

    @property
    def picture(self) -> Picture | None:
        return Picture(self.picture_src) if self.picture_src else None


class Word(models.Model):
    """A word that products are found by: what a misspelt one is compared with."""

    word = models.TextField(primary_key=True)

    class Meta:
        indexes = [
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="search_word_alike"),
        ]

    def __str__(self) -> str:
        return self.word
