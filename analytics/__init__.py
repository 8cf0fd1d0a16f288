"""Analytics: hourly and daily figures, kept up to date event by event.

Promises that each event counts exactly once in every figure it belongs to.
"""
