"""Several machines: some vanish, some come back, some are slow."""
