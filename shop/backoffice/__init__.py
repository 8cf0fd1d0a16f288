"""The staff's pages that cross apps: roles, an order with everything about it, the dashboard.

Lives in the admin. It reads what apps keep and starts work through their `services`, as
the shop's pages do; what it keeps itself is what staff wrote and did.
"""
