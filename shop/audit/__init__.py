"""Every promise of the shop, checked over the whole history."""
