"""What `monitoring` promises, rule by rule."""
