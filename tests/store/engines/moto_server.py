"""moto's DynamoDB, served on the loopback address while the tests run."""

from __future__ import annotations

import functools
import logging
import os
import threading
from typing import Any

from moto.dynamodb import comparisons
from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models import dynamo_type
from moto.dynamodbstreams import models as streams
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from tests.store.model import plain

_LARGEST_ITEM = 400 * 1024


@functools.cache
def moto_endpoint() -> str:
    """The server's address; the first call starts it, and it ends with the process."""
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "testing")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "testing")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    _set_right()
    # One request at a time: a failed transaction restores whole tables.
    server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app))
    threading.Thread(target=server.serve_forever, name="moto", daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def _set_right() -> None:
    """Three places where moto differs from DynamoDB."""
    read_on = streams.ShardIterator.get

    def reading_the_table_itself(iterator: Any, limit: int = 1000) -> Any:
        # A failed transaction replaces its tables by copies; iterators would go on reading the
        # streams of the discarded ones, including failed writes.
        table = iterator.stream_shard.table.name
        iterator.stream_shard = iterator.streams_backend.dynamodb.tables[table].stream_shard
        return read_on(iterator, limit)

    def equal(comparison: Any, item: Any) -> bool:
        # In Python 1 equals true; in DynamoDB it does not.
        found: bool = plain(comparison.lhs.expr(item)) == plain(comparison.rhs.expr(item))
        return found

    def keep(attributes: Any, name: str, value: Any) -> None:
        # An item may have 409,600 bytes, not 405,000.
        dict.__setitem__(attributes, name, value)
        sizes = (
            len(str(n).encode()) + (v.size() if hasattr(v, "size") else 0)
            for n, v in attributes.items()
        )
        if sum(sizes) > _LARGEST_ITEM:
            raise ItemSizeTooLarge

    streams.ShardIterator.get = reading_the_table_itself  # type: ignore[assignment,method-assign]  # put in place of moto's
    comparisons.OpEqual.expr = equal  # type: ignore[assignment,method-assign]  # likewise
    dynamo_type.LimitedSizeDict.__setitem__ = keep  # type: ignore[method-assign]  # likewise
