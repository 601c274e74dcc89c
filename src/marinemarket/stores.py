"""The stores that settings can name: whether one holds a market, making one, opening it, filling it.

DynamoDB's client is imported only where it is chosen: that takes longer than importing all of our code.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from .archive.ownership import is_in_use
from .archive.storage import storage_at
from .clock import Clock, now_ms
from .config.settings import PREFIX, Settings
from .config.types import Prefix
from .errors import FieldError, Invalid, Refused, Unavailable
from .extras import extra
from .store.schema import MARKET, TABLES, Made
from .store.sqlite import SqliteLoading, SqliteStore
from .store.store import Loading, Store
from .wire import field_errors

if TYPE_CHECKING:
    from .store.dynamodb import Connection

DYNAMODB = "dynamodb:"


async def compact_file(store: Store) -> bool:
    """Rewrite a store's file without what was deleted; returns whether its log is empty, too."""
    return await store.compact() if isinstance(store, SqliteStore) else True


async def has_market(settings: Settings) -> bool:
    """Is there a market already, or would opening it make one?

    Raises Invalid for a data folder that cannot be read, Unavailable if DynamoDB cannot be reached.
    """
    if settings.store == "dynamodb":
        with extra("dynamodb", f"{PREFIX}STORE"):
            from .store.dynamodb import has_table

        async with connected_to(settings) as connection:
            return await has_table(connection, MARKET)
    try:
        # A file without content is what a start that was cut short leaves behind.
        return settings.database.stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError as error:
        message = f"{settings.data.absolute()} cannot be used as a folder: {error.strerror}"
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


async def check_archive_is_free(settings: Settings) -> None:
    """Raises Refused if a new market's archive would be one that another market has filled.

    Then the data folder is more likely a disk that is not mounted.
    """
    place = settings.backup_place
    if await is_in_use(storage_at(place, setting=f"{PREFIX}BACKUPS")):
        is_folder = settings.store == "sqlite"
        where = settings.data.absolute() if is_folder else f"dynamodb:{settings.table_prefix}"
        raise Refused(
            f"there is no market in {where}, but {place} holds the archive of one. If its disk is not "
            f"mounted, mount it. If it is lost, `marinemarket restore --from {place} --into {where}` "
            f"brings it back. For a new market, let {PREFIX}BACKUPS name another place"
        )


async def check_place(settings: Settings) -> None:
    """Raises Invalid or Refused where the site has no market to open and none can be made."""
    if not await has_market(settings):
        if settings.store == "dynamodb":
            raise no_market(settings)
        await check_archive_is_free(settings)


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


@asynccontextmanager
async def repairable_store(settings: Settings) -> AsyncIterator[SqliteStore]:
    """The market's file, though parts of it may be damaged. Raises Refused if it cannot be opened."""
    try:
        # The key signs cursors, of which nobody keeps any here.
        store = SqliteStore(settings.database, secret_key=secrets.token_hex(32))
    except Unavailable as error:
        cause = error.__cause__ or error
        raise Refused(
            f"{settings.database} cannot be opened at all ({cause}): restore the market into a new "
            f"folder with `marinemarket restore --from {settings.backup_place} --into FOLDER`"
        ) from error
    try:
        yield store
    finally:
        await store.close()


async def make_tables(settings: Settings) -> AsyncIterator[Made]:
    """Create the missing tables of the configured engine; yields each as it is done.

    Raises Refused if that would make a market whose archive is another's.
    """
    was_there = await has_market(settings)
    if not was_there:
        await check_archive_is_free(settings)
    if settings.store == "dynamodb":
        with extra("dynamodb", f"{PREFIX}STORE"):
            from .store.dynamodb import create_tables

        async with connected_to(settings) as connection:
            async for made in create_tables(connection, kms_key=settings.aws_kms_key):
                yield made
    else:
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

    If the block does not end well, nothing is left of it. Raises Refused where there is a market already.
    """
    async with _loading(target, settings, clock) as loading:
        await loading.prepare()
        try:
            yield loading
        except BaseException:
            await loading.abandon()
            raise


@asynccontextmanager
async def _loading(target: str, settings: Settings, clock: Clock) -> AsyncIterator[Loading]:
    if not target.startswith(DYNAMODB):
        yield SqliteLoading(Path(target) / settings.database.name, clock=clock)
        return
    with extra("dynamodb", "--into"):
        from .store.dynamodb import DynamoLoading

    prefix = target.removeprefix(DYNAMODB)
    try:
        TypeAdapter(Prefix).validate_python(prefix)
    except ValidationError as error:
        wrong = [FieldError("--into", found.message) for found in field_errors(error)]
        raise Invalid(wrong) from None
    prefixed = settings.model_copy(update={"table_prefix": prefix})
    async with connected_to(prefixed) as connection:
        # Its key only signs cursors, which nobody sees.
        secret_key = secrets.token_hex()
        yield DynamoLoading(
            connection, secret_key=secret_key, clock=clock, kms_key=settings.aws_kms_key
        )
