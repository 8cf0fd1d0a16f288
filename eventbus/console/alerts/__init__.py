"""Alerts: rules about what is watched, episodes, and who is told."""
