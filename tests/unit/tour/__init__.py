"""The tour: its locks, its trials, its page."""
