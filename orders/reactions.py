"""What the orders app does about others' facts."""
