"""The store on Amazon DynamoDB, or on anything that speaks its protocol: many machines, one market.

The tables, their indexes and their streams are made by `create_tables` from the declaration in
`store/schema.py`. What DynamoDB promises less than a file does, the port promises to nobody: an
index may lag behind a commit, and the feed keeps an order for each key alone.
"""

from .connection import Connection, connected
from .loading import DynamoLoading
from .store import DynamoStore
from .tables import create_tables

__all__ = ["Connection", "DynamoLoading", "DynamoStore", "connected", "create_tables"]
