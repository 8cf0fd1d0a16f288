"""Rules of what comes from foreign systems."""
