"""How many events a second relays publish."""
