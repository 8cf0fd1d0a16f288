"""`make run`: how it starts, what it prints, how it ends."""
