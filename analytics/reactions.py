"""What the analytics app does about others' facts."""
