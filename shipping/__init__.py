"""Shipping: parcels from packing to the doorstep.

Promises that nothing leaves unbilled, nothing leaves twice, and that a request to
cancel gets one definite answer: stopped, or already gone.
"""
