"""Surge: prices that go up where more ride than cars are free, and down again.

Promises that it never holds up a ride: whoever asks pays the last price that it published.
"""
