"""Billing with Stripe, before a server that answers as it does."""
