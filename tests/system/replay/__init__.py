"""A trading day, replayed in a system of its own."""
