"""What `orders` promises, rule by rule."""
