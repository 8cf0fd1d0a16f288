"""The map of the choreography: a graph of apps and events, and what can come of one."""
