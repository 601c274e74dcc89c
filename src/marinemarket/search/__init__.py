"""Search: queries, the contents of the index, and keeping it in step with the store."""
