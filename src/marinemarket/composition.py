"""The one place where engines are chosen and assembled.

The engines for large markets are imported only where they are chosen: importing their clients takes
longer than importing all of our code, and most markets use neither.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .accounts.accounts import Accounts, Rules
from .accounts.audit_entries import AUDIT_ENTRIES
from .accounts.passwords import Passwords
from .accounts.personal_data import ACCOUNTS
from .archive.archive import Archive
from .archive.archiver import Archiver
from .archive.file_format import Seal
from .archive.storage import Storage, storage_at
from .audit.trail import Trail
from .clock import DAY, HOUR, MINUTE, Clock, now_ms
from .config.settings import Settings
from .extras import extra
from .i18n import texts
from .links import Links
from .listings.cache import ListingCache
from .listings.lifecycle.availability_check import AvailabilityCheck
from .listings.media.duplicates import similar_photos_elsewhere
from .listings.personal_data import ADVERTS
from .listings.seller_kind import SellerKindFollower
from .mail.delivery import Delivery, Sender
from .mail.personal_data import EMAILS
from .mail.transports import FolderTransport, SmtpTransport, Transport
from .media.blobs import blobs_at
from .media.studio import Studio
from .messages.context import MessagingContext
from .messages.personal_data import CONVERSATIONS
from .moderation.case_follower import CaseFollower
from .moderation.evidence import EvidenceGatherer
from .moderation.personal_data import CASES_AND_REPORTS
from .moderation.screening import Screener
from .saved_searches.alert_follower import AlertFollower
from .saved_searches.alert_mailer import AlertMailer
from .saved_searches.personal_data import SEARCHES
from .search.columns.engine import ColumnsEngine
from .search.index import SearchEngine
from .store.active_version import ActiveVersion
from .store.item_versions import SHAPES
from .store.schema import TABLES, Made
from .store.sqlite import SqliteLoading, SqliteStore
from .store.store import Loading, Store
from .store.versioned_store import VersionedStore
from .vault.vault import CurrentKeys, MasterKeys, Vault, derived_key, name_of
from .watchlist.personal_data import WATCHED_BOATS

if TYPE_CHECKING:
    from .store.dynamodb import Connection

_DYNAMODB = "dynamodb:"

PERSONAL_DATA = (
    ACCOUNTS,
    ADVERTS,
    EMAILS,
    SEARCHES,
    CASES_AND_REPORTS,
    CONVERSATIONS,
    WATCHED_BOATS,
    AUDIT_ENTRIES,
)
"""The domains that keep personal data, in the order of erasure, export and repair after a restore.

Sessions go first, so that nobody can act in the person's name. Adverts go before what refers to them:
nothing more is written, reported or sent about an advert that is gone. The audit trail comes last,
since each of the other domains adds to it.
"""


@dataclass(frozen=True, slots=True)
class Market:
    """Everything that a request or a command works with."""

    settings: Settings
    store: VersionedStore
    trail: Trail
    listings: ListingCache
    engine: SearchEngine
    accounts: Accounts
    studio: Studio
    clock: Clock
    secret_key: str = field(repr=False)

    @property
    def links(self) -> Links:
        """Addresses on this site."""
        return Links(self.settings.public_url)

    def archiver(self, place: str, *, seconds: int | None = None) -> Archiver:
        """The archiver of this market to a place. Raises Invalid for an impossible place.

        `seconds` is the longest that a change waits; the default is the setting.
        """
        return self._archiver_to(storage_at(place), seconds)

    def own_archiver(self, *, seconds: int | None = None) -> Archiver:
        """As `archiver`, to the place that the setting names. Raises Invalid, naming the setting."""
        place = storage_at(self.settings.backup_place, setting="MARINEMARKET_BACKUPS")
        return self._archiver_to(place, seconds)

    def _archiver_to(self, place: Storage, seconds: int | None) -> Archiver:
        archive = Archive(place, Seal.of(self.settings.backup_recipient))
        seconds = self.settings.archive_seconds if seconds is None else seconds
        return Archiver(self.store.engine, archive, clock=self.clock, seconds=seconds)

    def delivery(self) -> Delivery:
        """The sender of this market's emails. Raises Invalid for an invalid mail server."""
        settings = self.settings
        folder = FolderTransport(settings.emails_folder)
        mail: Transport = SmtpTransport.of(settings.smtp_url) if settings.smtp_url else folder
        name, address = settings.sender
        sender = Sender(name, address, self.links, settings.market_name)
        return Delivery(self.trail, self.accounts.vault, sender, {"mail": mail, "sms": folder})

    def messaging(self) -> MessagingContext:
        """The context of messages between buyers and sellers."""
        _, address = self.settings.sender
        return MessagingContext(
            self.accounts,
            self.secret_key,
            self.settings.relay_domain,
            frozenset({address.casefold()}),
        )

    def sitemap_place(self) -> Storage:
        """Where the worker stores the sitemap and the web processes find it: beside the media."""
        return storage_at(f"{self.settings.blobs_place}/sitemap")

    def alert_mailer(self) -> AlertMailer:
        """The mailer for new matches of saved searches."""
        return AlertMailer(self.trail, self.accounts.vault, self.secret_key, self.links)

    def availability_check(self) -> AvailabilityCheck:
        """The check that asks sellers whether their boats are still for sale."""
        settings = self.settings
        return AvailabilityCheck(
            self.trail,
            self.accounts.vault,
            self.secret_key,
            settings.confirm_days,
            settings.hide_days,
            self.links,
        )

    def alert_follower(self) -> AlertFollower:
        """The feed follower for saved searches."""
        return AlertFollower(self.alert_mailer(), self.engine.index, self.settings.alerts_place)

    def seller_kind_follower(self) -> SellerKindFollower:
        """The feed follower that keeps the seller kind on adverts up to date."""
        return SellerKindFollower(self.trail, self.settings.seller_kinds_place)

    def screener(self) -> Screener:
        """The screener, which applies the moderation rules to adverts and opens cases."""
        return Screener(
            self.trail,
            self.accounts.vault,
            EvidenceGatherer(self.store, self.engine.index, similar_photos_elsewhere),
            looks_at_all=self.settings.review == "all",
            reports_to_hide=self.settings.reports_to_hide,
            links=self.links,
        )

    def case_follower(self) -> CaseFollower:
        """The feed follower for moderation."""
        return CaseFollower(self.screener(), self.settings.moderation_place)


def cached_listings(store: Store, settings: Settings, clock: Clock) -> ListingCache:
    """The cache of a store's listings, with the size and age from the settings."""
    return ListingCache(
        store, most=settings.cache_listings, seconds=settings.cache_seconds, clock=clock
    )


def has_market(settings: Settings) -> bool:
    """Is there a market already, or would opening it create one? (On DynamoDB, tables are created
    separately.)
    """
    return settings.store != "sqlite" or settings.database.exists()


@asynccontextmanager
async def open_market(settings: Settings, *, clock: Clock = now_ms) -> AsyncIterator[Market]:
    """The market for some settings, closed at the end of the block. Sets the language of this process.

    Raises ValueError for texts that cannot be read, and Unavailable for a market whose active version
    is newer than this code.
    """
    texts.use(settings.language, settings.texts)
    secret_key = settings.secret()
    async with (
        _open_engine(settings, secret_key, clock) as engine,
        _master_keys(settings, secret_key) as masters,
        _hasher() as passwords,
        _search_engine(settings, secret_key) as search,
        _studio(settings) as studio,
    ):
        store = in_newest_shape(engine)
        await store.in_force.begin()
        trail = Trail(store, retention_days=settings.audit_retention_days, clock=clock)
        yield Market(
            settings=settings,
            store=store,
            trail=trail,
            listings=cached_listings(store, settings, clock),
            engine=search,
            accounts=Accounts(
                trail,
                Vault(masters),
                passwords,
                rules_of(settings),
                Links(settings.public_url),
            ),
            studio=studio,
            clock=clock,
            secret_key=secret_key,
        )


@asynccontextmanager
async def _open_engine(settings: Settings, secret_key: str, clock: Clock) -> AsyncIterator[Store]:
    async with AsyncExitStack() as stack:
        store: Store
        if settings.store == "dynamodb":
            with extra("dynamodb", "MARINEMARKET_STORE"):
                from .store.dynamodb import DynamoStore

            connection = await stack.enter_async_context(connected_to(settings))
            store = DynamoStore(connection, secret_key=secret_key, clock=clock)
        else:
            store = SqliteStore(settings.database, secret_key=secret_key, clock=clock)
        stack.push_async_callback(store.close)
        yield store


@asynccontextmanager
async def _search_engine(settings: Settings, secret_key: str) -> AsyncIterator[SearchEngine]:
    engine: SearchEngine
    if settings.search == "opensearch":
        with extra("opensearch", "MARINEMARKET_SEARCH"):
            from .search.opensearch.connection import opensearch_at

        engine = opensearch_at(
            settings.opensearch_url,
            name=f"boats-{settings.table_prefix.lower()}".rstrip("-"),
            region=settings.aws_region,
            secret_key=secret_key,
        )
    else:
        engine = ColumnsEngine(settings.search_folder, secret_key=secret_key)
    try:
        yield engine
    finally:
        await engine.close()


@asynccontextmanager
async def _hasher() -> AsyncIterator[Passwords]:
    passwords = Passwords()
    try:
        yield passwords
    finally:
        passwords.close()


@asynccontextmanager
async def _studio(settings: Settings) -> AsyncIterator[Studio]:
    studio = Studio(blobs_at(settings.blobs_place))
    try:
        yield studio
    finally:
        studio.close()


def rules_of(settings: Settings) -> Rules:
    """The sign-in limits from the settings."""
    return Rules(
        tries=settings.sign_in_tries,
        tries_within=settings.sign_in_tries_minutes * MINUTE,
        locked_for=settings.lock_minutes * MINUTE,
        session_lasts=settings.session_days * DAY,
        session_idles=settings.session_idle_days * DAY,
        staff_session_lasts=settings.staff_session_hours * HOUR,
        staff_session_idles=settings.staff_idle_minutes * MINUTE,
        attempt_retention_days=settings.login_attempt_retention_days,
        terms_version=settings.terms_version,
    )


@asynccontextmanager
async def _master_keys(settings: Settings, secret_key: str) -> AsyncIterator[MasterKeys]:
    if settings.kms_master_key:
        with extra("dynamodb", "MARINEMARKET_KMS_MASTER_KEY"):
            from .vault.kms import kms_keys

        async with kms_keys(
            settings.kms_master_key,
            endpoint=settings.aws_endpoint_url,
            region=settings.aws_region,
        ) as keys:
            yield keys
    else:
        # The derived key comes last: it opens what was sealed before other keys were configured.
        given = [*settings.given_master_keys(), derived_key(secret_key)]
        yield CurrentKeys({name_of(key): key for key in given})


async def make_tables(settings: Settings) -> AsyncIterator[Made]:
    """Create the missing tables of the configured engine; yields each as it is done."""
    if settings.store == "dynamodb":
        with extra("dynamodb", "MARINEMARKET_STORE"):
            from .store.dynamodb import create_tables

        async with connected_to(settings) as connection:
            async for made in create_tables(connection, kms_key=settings.aws_kms_key):
                yield made
    else:
        was_there = settings.database.exists()
        async with _open_engine(settings, settings.secret(), now_ms):
            for table in TABLES:
                yield Made(table.name, was_there)


def connected_to(settings: Settings) -> AbstractAsyncContextManager[Connection]:
    with extra("dynamodb", "MARINEMARKET_STORE"):
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
    if not target.startswith(_DYNAMODB):
        yield SqliteLoading(Settings(data=Path(target)).database, clock=clock)
        return
    with extra("dynamodb", "--into"):
        from .store.dynamodb import DynamoLoading, create_tables

    prefixed = settings.model_copy(update={"table_prefix": target.removeprefix(_DYNAMODB)})
    async with connected_to(prefixed) as connection:
        _ = [made async for made in create_tables(connection, kms_key=settings.aws_kms_key)]
        loading = DynamoLoading(connection, secret_key=settings.secret(), clock=clock)
        await loading.begin()
        yield loading


def in_newest_shape(engine: Store) -> VersionedStore:
    """The store as the domains see it: with items in the newest version's format."""
    return VersionedStore(engine, SHAPES, ActiveVersion(engine, SHAPES))
