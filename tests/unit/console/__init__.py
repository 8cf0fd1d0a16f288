"""The console: its pages, stories and alerts."""
