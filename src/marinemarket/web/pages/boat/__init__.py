"""The page of one boat, and everything that belongs to it."""
