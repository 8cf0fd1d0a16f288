"""A real browser at the shop in this process; all the rest of the choreography is settled here."""
