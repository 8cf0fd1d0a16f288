"""Webhooks of the shop's customers: whom an event may be told to; on where the bus's bridge is."""
