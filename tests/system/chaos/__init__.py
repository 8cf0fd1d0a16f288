"""The storm itself: that it strikes, and that it is seen."""
