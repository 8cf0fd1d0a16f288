"""Alerts: rules, their evaluation into episodes, and notification."""
