"""How much each app does, how soon, and whether it keeps its latency budget."""
