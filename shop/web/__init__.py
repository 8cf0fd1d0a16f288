"""ASGI before Django in the web process: who is let in, how many at once, its start and end."""
