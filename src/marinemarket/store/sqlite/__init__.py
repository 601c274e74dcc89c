"""The store in one SQLite file: the full contract on one machine, with nothing to install."""

from .loading import SqliteLoading
from .store import SqliteStore

__all__ = ["SqliteLoading", "SqliteStore"]
