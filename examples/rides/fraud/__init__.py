"""Fraud: looks at who asks, and says cleared, flagged or refused, with its reasons.

Promises a verdict for each ride. It holds up none: a ride that has begun goes on.
"""
