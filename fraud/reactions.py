"""What the fraud app does about others' facts."""
