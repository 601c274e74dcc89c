"""Many who want to change the same things at once."""
