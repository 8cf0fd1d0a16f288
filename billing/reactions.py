"""What the billing app does about others' facts."""
