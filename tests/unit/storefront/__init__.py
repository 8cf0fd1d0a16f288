"""What `storefront` promises, rule by rule."""
