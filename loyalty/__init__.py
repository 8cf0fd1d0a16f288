"""Loyalty: points for what was paid, taken back for what was given back.

Promises an append-only ledger whose sum per order follows what billing stated.
"""
