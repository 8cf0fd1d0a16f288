"""What the shipping app does about others' facts."""
