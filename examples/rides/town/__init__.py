"""The town: its corners, streets, zones and river. Plain geography, and no app."""
