"""The store on Amazon DynamoDB, or a server with its protocol: one market on many machines.

`create_tables` makes the tables, their indexes and their streams from the declaration in
`store/schema.py`. The port promises no more than DynamoDB does: an index may lag behind a commit,
and the feed is ordered only per key.
"""

from .connection import Connection, connected
from .loading import DynamoLoading
from .store import DynamoStore
from .tables import create_tables, has_table

__all__ = [
    "Connection",
    "DynamoLoading",
    "DynamoStore",
    "connected",
    "create_tables",
    "has_table",
]
