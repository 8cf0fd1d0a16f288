"""The Django project, and its one page: the map of the town, with all that happens on it."""
