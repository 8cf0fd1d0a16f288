"""Inventory: how many units there are and whom they are promised to.

Promises that no unit is ever promised twice: reserved stock comes out of one
conditional update, and the database refuses a negative number.
"""
