"""The stores that settings can name: whether one holds a market, making one, opening it, filling it.

DynamoDB's client is imported only where it is chosen: that takes longer than importing all of our code.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .clock import Clock, now_ms
from .config.settings import PREFIX, Settings
from .errors import FieldError, Invalid
from .extras import extra
from .store.schema import TABLES, Made
from .store.sqlite import SqliteLoading, SqliteStore
from .store.store import Loading, Store

if TYPE_CHECKING:
    from .store.dynamodb import Connection

DYNAMODB = "dynamodb:"


async def has_market(settings: Settings) -> bool:
    """Is there a market already, or would opening it make one?

    Raises Invalid for a data folder that cannot be read, Unavailable if DynamoDB cannot be reached.
    """
    if settings.store == "dynamodb":
        with extra("dynamodb", f"{PREFIX}STORE"):
            from .store.dynamodb import has_tables

        async with connected_to(settings) as connection:
            return await has_tables(connection)
    try:
        # A file without content is what a start that was cut short leaves behind.
        return settings.database.stat().st_size > 0
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        message = f"{settings.data.absolute()} cannot be read: {error.strerror}"
        raise Invalid([FieldError(f"{PREFIX}DATA", message)]) from None


def no_market(settings: Settings) -> Invalid:
    """The error for a command that works on a market where there is none."""
    if settings.store == "dynamodb":
        message = (
            f"no tables have the prefix {settings.table_prefix!r}, so there is no market; set the "
            "prefix of its tables, or make them with `marinemarket tables create`"
        )
        return Invalid([FieldError(f"{PREFIX}TABLE_PREFIX", message)])
    message = (
        f"there is no market in {settings.data.absolute()}; set {PREFIX}DATA to its folder, or make "
        "one with `marinemarket serve`"
    )
    return Invalid([FieldError(f"{PREFIX}DATA", message)])


@asynccontextmanager
async def open_store(settings: Settings, secret_key: str, clock: Clock) -> AsyncIterator[Store]:
    """The store that the settings name, closed at the end of the block. Makes a SQLite file."""
    if settings.store != "dynamodb":
        store = SqliteStore(settings.database, secret_key=secret_key, clock=clock)
        try:
            yield store
        finally:
            await store.close()
        return
    with extra("dynamodb", f"{PREFIX}STORE"):
        from .store.dynamodb import DynamoStore

    async with connected_to(settings) as connection:
        yield DynamoStore(connection, secret_key=secret_key, clock=clock)


async def make_tables(settings: Settings) -> AsyncIterator[Made]:
    """Create the missing tables of the configured engine; yields each as it is done."""
    if settings.store == "dynamodb":
        with extra("dynamodb", f"{PREFIX}STORE"):
            from .store.dynamodb import create_tables

        async with connected_to(settings) as connection:
            async for made in create_tables(connection, kms_key=settings.aws_kms_key):
                yield made
    else:
        was_there = await has_market(settings)
        async with open_store(settings, settings.secret(), now_ms):
            for table in TABLES:
                yield Made(table.name, was_there)


def connected_to(settings: Settings) -> AbstractAsyncContextManager[Connection]:
    with extra("dynamodb", f"{PREFIX}STORE"):
        from .store.dynamodb import connected

    return connected(
        prefix=settings.table_prefix,
        endpoint=settings.aws_endpoint_url,
        region=settings.aws_region,
    )


@asynccontextmanager
async def loading_into(
    target: str, settings: Settings, *, clock: Clock = now_ms
) -> AsyncIterator[Loading]:
    """The empty store that a restore fills: a data folder, or ``dynamodb:PREFIX``.

    Raises Refused where there is a market already.
    """
    if not target.startswith(DYNAMODB):
        yield SqliteLoading(Settings(data=Path(target)).database, clock=clock)
        return
    with extra("dynamodb", "--into"):
        from .store.dynamodb import DynamoLoading, create_tables

    prefixed = settings.model_copy(update={"table_prefix": target.removeprefix(DYNAMODB)})
    async with connected_to(prefixed) as connection:
        _ = [made async for made in create_tables(connection, kms_key=settings.aws_kms_key)]
        loading = DynamoLoading(connection, secret_key=settings.secret(), clock=clock)
        await loading.begin()
        yield loading
