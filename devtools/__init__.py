"""What developers run: the shop on one machine, storms, benchmarks, replays, documents.

Nothing in production imports it.
"""
