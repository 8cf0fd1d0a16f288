"""What the shop app does about others' facts."""
