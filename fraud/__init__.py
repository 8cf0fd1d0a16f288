"""Fraud: screens each order and says cleared, flagged or refused, with its reasons.

Promises one verdict per order; what is flagged is decided by staff.
"""
