"""What `api` promises, rule by rule."""
