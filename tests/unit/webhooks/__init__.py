"""What webhooks promise, rule by rule."""
