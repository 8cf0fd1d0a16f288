"""What `notifications` promises, rule by rule."""
