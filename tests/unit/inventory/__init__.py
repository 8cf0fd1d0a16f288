"""What `inventory` promises, rule by rule."""
