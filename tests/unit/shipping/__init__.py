"""What `shipping` promises, rule by rule."""
