"""The rides of `examples/rides`, run by its own command."""
