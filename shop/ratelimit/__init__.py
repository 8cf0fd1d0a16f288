"""Who tries too often: counted for all processes together, and asked to wait."""
