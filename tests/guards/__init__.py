"""What keeps each promise, taken out in turn: a test must tell."""
