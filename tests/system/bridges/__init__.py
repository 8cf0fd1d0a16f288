"""The bridges of the bus, each at the real foreign system or at another maker's part of it."""
