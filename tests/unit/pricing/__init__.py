"""What `pricing` promises, rule by rule."""
