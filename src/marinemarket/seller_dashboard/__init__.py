"""The seller's dashboard: figures about their boats, and actions on many at once."""
