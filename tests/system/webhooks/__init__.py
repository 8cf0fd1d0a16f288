"""Webhooks, from a customer's program to real receivers and back."""
