"""What `web` promises, rule by rule."""
