"""What `analytics` promises, rule by rule."""
