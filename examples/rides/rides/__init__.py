"""Rides: what riders ask for, and how each ride goes until it ends.

Promises that every ride ends: completed, or cancelled with its reason.
"""
