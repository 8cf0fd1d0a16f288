"""How `make run` starts programs."""
