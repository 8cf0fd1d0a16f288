"""Hears of notes, of replies and of secrets."""
