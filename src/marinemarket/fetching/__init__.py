"""Fetching from the world: the one place where the market asks hosts that somebody else names."""
