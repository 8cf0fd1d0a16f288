"""Orders: what was ordered, by whom, and how it ends.

Promises that an order is emitted as placed once, that its state only moves along
the allowed paths, and that every order ends: completed, cancelled or refunded.
"""
