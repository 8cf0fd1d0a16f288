"""What the notifications app does about others' facts."""
