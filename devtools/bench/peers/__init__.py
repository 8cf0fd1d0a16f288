"""Peers: other ways to tell N apps of an event, each on the same small job as the bus."""
