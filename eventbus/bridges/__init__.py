"""Bridges: foreign systems as reacting apps, each an app of its own that is off until wanted."""
