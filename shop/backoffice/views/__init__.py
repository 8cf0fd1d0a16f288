"""The pages of staff that are no model's."""
