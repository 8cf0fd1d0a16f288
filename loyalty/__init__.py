"""Loyalty: points for what was paid, taken back for what was given back, and spent on orders.

Promises an append-only ledger whose sum per order follows what billing emitted; that no point
is spent twice; that the points of a cancelled order come back; and that no balance is
negative: what should be taken back but was spent meanwhile is owed, and taken from the next
points the customer gains.
"""
