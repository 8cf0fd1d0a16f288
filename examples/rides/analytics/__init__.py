"""Analytics: counts rides and money, zone by zone. It publishes nothing.

Promises figures that are right once it has caught up, however long it was off.
"""
