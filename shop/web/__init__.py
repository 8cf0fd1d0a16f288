"""What stands before Django in the web process: who comes in, and how many at once."""
