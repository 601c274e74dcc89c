"""Saved searches: people save a search, and get alerts about boats that match."""
