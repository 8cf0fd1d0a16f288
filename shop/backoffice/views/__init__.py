"""Views of the staff pages that belong to no model."""
