"""Search results: as cards, on the map, and as a feed."""
