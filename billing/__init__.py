"""Billing: the money of each order.

Promises at most one captured charge per order, captured only when the payment is
authorised, the stock reserved and the order cleared; and that a cancelled order's
money is released or given back.
"""
