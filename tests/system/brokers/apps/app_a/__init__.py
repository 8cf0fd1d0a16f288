"""Answers notes."""
