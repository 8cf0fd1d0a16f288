"""The catalogue: what the shop sells, in which variants, at what price.

It promises that a product file goes in product by product, wholly or not at
all, and that every variant listed by a file is emitted once as `VariantListed`.
How many are in stock is inventory's business: `availability` keeps what it has emitted.
A price that another app adjusts is bounded, and is itself again when the adjustment's time is over.
"""
