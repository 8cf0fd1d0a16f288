"""A real browser: shoppers, staff and operators at their pages."""
