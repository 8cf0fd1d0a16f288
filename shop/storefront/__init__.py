"""The web shop: pages, cart, the shop's own read models of what other apps emit."""
