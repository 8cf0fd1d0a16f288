"""The benchmark itself: that each of its parts measures something."""
