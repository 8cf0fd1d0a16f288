"""Where a shopper starts the work: what an order costs, and using its code up."""

from pricing.promotions import Shopper as Shopper
from pricing.promotions import redeem as redeem
from pricing.quoting import Item as Item
from pricing.quoting import Quote as Quote
from pricing.quoting import QuotedLine as QuotedLine
from pricing.quoting import quote as quote
