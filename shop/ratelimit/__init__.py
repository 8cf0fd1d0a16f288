"""Rate limits and login lockout, counted in the database for all processes together."""
