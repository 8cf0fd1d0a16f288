"""The shop: catalogue, cart and storefront, and the bus all apps speak over.

As a reacting app it promises that pages show current availability and points,
and that every change of a cart is stated once as `CartUpdated`.
"""
