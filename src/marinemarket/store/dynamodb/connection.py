"""Access to DynamoDB: clients with bounded retries, and its failures as the market's errors."""

from __future__ import annotations

import asyncio
import functools
import logging
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import BotoCoreError, ClientError

from ...errors import Busy, FieldError, Invalid, NotSetUp, TooLarge, Unavailable
from ..schema import Table

ATTEMPTS = 4
"""How many times a call is tried before its caller is asked to come back later."""

_THROTTLED = {
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "Throttling",
    "ThrottlingException",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
    "LimitExceededException",
}


@dataclass(frozen=True, slots=True)
class Connection:
    """Clients for the tables and their streams. `prefix` is put before the name of every table."""

    tables: Any
    streams: Any
    prefix: str = ""

    def name(self, table: Table) -> str:
        return f"{self.prefix}{table.name}"


@functools.cache
def _session() -> Any:
    """Shared by all connections: it holds the service descriptions, which are slow to load."""
    logging.getLogger("aiobotocore").setLevel(logging.WARNING)  # it logs where credentials were
    return get_session()


@asynccontextmanager
async def connected(
    *,
    prefix: str = "",
    endpoint: str | None = None,
    region: str | None = None,
    attempts: int = ATTEMPTS,
) -> AsyncIterator[Connection]:
    """A connection, closed at the end of the block. AWS's own tools find the credentials.

    `endpoint` is the address of another server with DynamoDB's protocol; each call is tried up to
    `attempts` times. Raises Invalid if no region can be found.
    """
    # "standard" retries throttling and failures with jitter, and stops if most retries fail.
    config = AioConfig(
        retries={"mode": "standard", "total_max_attempts": attempts},
        connect_timeout=3,
        read_timeout=10,
        max_pool_connections=100,
    )
    given = {"config": config, "endpoint_url": endpoint, "region_name": region}
    async with AsyncExitStack() as stack:
        try:
            tables, streams = [
                await stack.enter_async_context(_session().create_client(service, **given))
                for service in ("dynamodb", "dynamodbstreams")
            ]
        except BotoCoreError as error:
            raise Invalid([FieldError("AWS", str(error))]) from None
        yield Connection(tables, streams, prefix)


@contextmanager
def foreseeing() -> Iterator[None]:
    """Translates DynamoDB's failures into the market's errors."""
    try:
        yield
    except ClientError as error:
        raise foreseen(error) from error
    except (BotoCoreError, OSError) as error:
        raise Unavailable(f"DynamoDB cannot be reached ({error})", retry_after=5) from error


def code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def foreseen(error: ClientError) -> TooLarge | Unavailable:
    """The market's error for an error of DynamoDB's."""
    code = code_of(error)
    message = str(error.response.get("Error", {}).get("Message", ""))
    if code == "ResourceNotFoundException":
        return NotSetUp("a table is missing; run: marinemarket tables create", retry_after=60)
    if code in _THROTTLED:
        return Busy("DynamoDB is taking fewer requests than we make", retry_after=5)
    if code == "ValidationException" and "size" in message.lower():
        return TooLarge(message)
    return Unavailable(f"DynamoDB cannot answer now ({code}: {message})")


async def pause(attempt: int) -> None:
    """Wait before a retry: longer each time, by a random share so that retries do not coincide."""
    await asyncio.sleep(random.uniform(0, min(2.0, 0.02 * 2**attempt)))  # noqa: S311 - no secret
