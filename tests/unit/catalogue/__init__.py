"""What `catalogue` promises, rule by rule."""
