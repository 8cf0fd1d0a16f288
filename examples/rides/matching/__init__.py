"""Matching: gives each ride the nearest car that is free, and looks again while there is none.

Promises one car for a ride, and one ride at a time for a car.
"""
