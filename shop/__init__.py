"""The shop: the Django project and the web shop, for shoppers, staff and programs.

As a reacting app it promises that pages show current availability and points,
and that every change of a cart is stated once as `CartUpdated`.
"""
