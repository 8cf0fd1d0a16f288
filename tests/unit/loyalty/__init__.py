"""What `loyalty` promises, rule by rule."""
