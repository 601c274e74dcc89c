"""The database: tables of items, changed by atomic commits and followed through one change feed."""
