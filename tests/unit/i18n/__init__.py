"""Texts, amounts and dates in each language."""
