"""Notifications: every mail the shop sends.

Promises one mail per event, kind and recipient, and that its outcome is on record.
"""
