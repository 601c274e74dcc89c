"""The truth: tables of items, changed by atomic commits, followed through one feed."""
