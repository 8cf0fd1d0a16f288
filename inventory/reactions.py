"""What the inventory app does about others' facts."""
