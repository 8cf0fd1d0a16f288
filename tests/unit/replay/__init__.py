"""Replaying a trading day."""
