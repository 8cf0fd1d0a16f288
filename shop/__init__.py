"""The shop: the Django project and the web shop, for shoppers, staff and programs.

As an app it promises that its pages show the current points and state of orders, and that each
change of a cart is emitted once as `CartUpdated`.
"""
