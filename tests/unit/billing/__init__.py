"""What `billing` promises, rule by rule."""
