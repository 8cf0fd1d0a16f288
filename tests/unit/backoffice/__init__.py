"""What `backoffice` promises, rule by rule."""
