"""What `fraud` promises, rule by rule."""
