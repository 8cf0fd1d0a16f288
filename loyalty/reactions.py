"""What the loyalty app does about others' facts."""
