"""A whole system whose processes are killed, stopped and watched."""
