"""The way to DynamoDB: clients that retry within bounds, and failures in the market's words."""

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

from ...errors import FieldError, Invalid, TooLarge, Unavailable
from ..schema import Table

ATTEMPTS = 4
"""How often one call is tried before its caller is told to come back later."""

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
    """Clients of the tables and of their streams. `prefix` begins the name of every table."""

    tables: Any
    streams: Any
    prefix: str = ""

    def name(self, table: Table) -> str:
        return f"{self.prefix}{table.name}"


@functools.cache
def _session() -> Any:
    """One for all connections: it holds the descriptions of the services, slow to read."""
    logging.getLogger("aiobotocore").setLevel(logging.WARNING)  # it tells where credentials were
    return get_session()


@asynccontextmanager
async def connected(
    *,
    prefix: str = "",
    endpoint: str | None = None,
    region: str | None = None,
    attempts: int = ATTEMPTS,
) -> AsyncIterator[Connection]:
    """A connection, closed at the end of the block. Credentials come as AWS's own tools find them.

    `endpoint` is for whatever speaks DynamoDB's protocol elsewhere; each call is tried up to
    `attempts` times. Raises Invalid when no region can be found.
    """
    # "standard" retries throttling and failures with jitter, and stops when most retries fail.
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
    """Turns DynamoDB's failures into the market's errors."""
    try:
        yield
    except ClientError as error:
        raise foreseen(error) from error
    except (BotoCoreError, OSError) as error:
        raise Unavailable(f"DynamoDB cannot be reached ({error})", retry_after=5) from error


def code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def foreseen(error: ClientError) -> TooLarge | Unavailable:
    """What DynamoDB's refusal means to whoever asked."""
    code = code_of(error)
    message = str(error.response.get("Error", {}).get("Message", ""))
    if code == "ResourceNotFoundException":
        return Unavailable("a table is missing; run: marinemarket tables create", retry_after=60)
    if code in _THROTTLED:
        return Unavailable("DynamoDB is taking fewer requests than we make", retry_after=5)
    if code == "ValidationException" and "size" in message.lower():
        return TooLarge(message)
    return Unavailable(f"DynamoDB cannot answer now ({code}: {message})")


async def pause(attempt: int) -> None:
    """Wait before trying again: longer each time, and never as long as others do."""
    await asyncio.sleep(random.uniform(0, min(2.0, 0.02 * 2**attempt)))  # noqa: S311 - no secret
