"""The one place where engines are chosen and assembled.

The engines for large markets are imported only where they are chosen: importing their clients takes
longer than importing all of our code, and most markets use neither.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial

from .accounts.accounts import Accounts
from .accounts.audit_entries import AUDIT_ENTRIES
from .accounts.bounces import note_refusal
from .accounts.configured_rules import rules_of
from .accounts.passwords import Passwords
from .accounts.personal_data import ACCOUNTS
from .archive.archive import Archive
from .archive.archiver import Archiver
from .archive.file_format import Seal
from .archive.storage import Storage, storage_at
from .audit.trail import Trail
from .clock import Clock, now_ms
from .config.secret_key import fingerprint, key_file
from .config.settings import PREFIX, Settings
from .errors import FieldError, Invalid
from .extras import extra
from .i18n import texts
from .jobs.personal_data import JOBS_OF_MEMBERS
from .jobs.runner import Runner, Step
from .links import Links
from .listings.cache import ListingCache
from .listings.lifecycle.availability_check import AvailabilityCheck
from .listings.media.duplicates import similar_photos_elsewhere
from .listings.personal_data import ADVERTS
from .listings.pricing import load_rates
from .listings.seller_kind import SellerKindFollower
from .mail.delivery import Delivery, Sender
from .mail.personal_data import EMAILS
from .mail.return_path import ReturnPath
from .mail.transports import FolderTransport, SmtpTransport, Transport
from .media.blobs import blobs_at
from .media.studio import Studio
from .messages.context import MessagingContext
from .messages.personal_data import CONVERSATIONS
from .messages.waiting_mail import rule_on
from .moderation.case_follower import CaseFollower
from .moderation.earlier_adverts import EarlierAdverts
from .moderation.evidence import EvidenceGatherer
from .moderation.personal_data import CASES_AND_REPORTS
from .moderation.screening import Screener
from .saved_searches.alert_follower import AlertFollower
from .saved_searches.alert_mailer import AlertMailer
from .saved_searches.personal_data import SEARCHES
from .saved_searches.search_reader import SearchReader
from .search.columns.engine import ColumnsEngine
from .search.index import SearchEngine
from .seller_dashboard.bulk_jobs import BULK_EDIT, do_bulk_step
from .seller_dashboard.import_jobs import IMPORT, do_import_step
from .seller_dashboard.photo_jobs import photo_runner
from .seller_dashboard.taking_back import TAKE_BACK, do_take_back_step
from .store.active_version import ActiveVersion
from .store.item_versions import SHAPES
from .store.market_identity import MarketIdentity, identify
from .store.sqlite import SqliteStore
from .store.sqlite.examination import Examination, examine
from .store.store import Store
from .store.versioned_store import VersionedStore
from .stores import check_place, has_market, no_market, open_store
from .vault.vault import CurrentKeys, MasterKeys, Vault, derived_key, name_of
from .watchlist.personal_data import WATCHED_BOATS

PERSONAL_DATA = (
    ACCOUNTS,
    JOBS_OF_MEMBERS,
    ADVERTS,
    EMAILS,
    SEARCHES,
    CASES_AND_REPORTS,
    CONVERSATIONS,
    WATCHED_BOATS,
    AUDIT_ENTRIES,
)
"""The domains that keep personal data, in the order of erasure, export and repair after a restore.

Sessions go first, so that nobody can act in the person's name, and then
jobs, which would go on doing so. Adverts go before what refers to them:
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
    identity: MarketIdentity
    secret_key: str = field(repr=False)

    @property
    def links(self) -> Links:
        """Addresses on this site."""
        return Links(self.settings.public_url)

    async def examination(self) -> Examination | None:
        """What is damaged in the market's file, all of it read; None for an engine without a file."""
        engine = self.store.engine
        if not isinstance(engine, SqliteStore):
            return None
        return await asyncio.to_thread(examine, engine.path)

    async def add_checksums(self) -> int:
        """Give a checksum to some stored rows of an earlier version; returns how many."""
        engine = self.store.engine
        return await engine.add_sums() if isinstance(engine, SqliteStore) else 0

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
        return Archiver(
            self.store.engine,
            archive,
            market=self.identity.id,
            clock=self.clock,
            seconds=seconds,
        )

    def jobs(self) -> Runner:
        """The runner of jobs, with every kind that there is but the slow ones."""
        kinds: dict[str, Step] = {
            BULK_EDIT: partial(do_bulk_step, self.trail),
            TAKE_BACK: partial(do_take_back_step, self.trail),
            IMPORT: partial(do_import_step, self.trail, partial(load_rates, self.settings.rates)),
        }
        return Runner(self.trail, kinds)

    def slow_jobs(self) -> Runner:
        return photo_runner(self.trail, self.studio, contact=self.settings.public_url)

    def delivery(self) -> Delivery:
        """The sender of this market's emails. Raises Invalid for an invalid mail server."""
        settings = self.settings
        folder = FolderTransport(settings.emails_folder)
        mail: Transport = SmtpTransport.of(settings.smtp_url) if settings.smtp_url else folder
        name, address = settings.sender
        sender = Sender(name, address, self.links, settings.market_name)
        return Delivery(
            self.trail,
            self.accounts.vault,
            sender,
            {"mail": mail, "sms": folder},
            return_path=ReturnPath(settings.relay_domain, self.secret_key),
            refused=partial(note_refusal, self.accounts),
            rule=partial(rule_on, self.store),
        )

    def messaging(self) -> MessagingContext:
        """The context of messages between buyers and sellers."""
        _, address = self.settings.sender
        return MessagingContext(
            self.accounts,
            self.secret_key,
            self.settings.relay_domain,
            frozenset({address.casefold()}),
            self.settings.market_name,
        )

    def sitemap_place(self) -> Storage:
        """Where the worker stores the sitemap and the web processes find it: beside the media."""
        return storage_at(f"{self.settings.blobs_place}/sitemap")

    def alert_mailer(self) -> AlertMailer:
        """The mailer for new matches of saved searches."""
        reader = SearchReader(self.engine.index)
        return AlertMailer(self.trail, self.accounts.vault, self.secret_key, self.links, reader)

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
        return AlertFollower(self.alert_mailer(), self.settings.alerts_place)

    def seller_kind_follower(self) -> SellerKindFollower:
        """The feed follower that keeps the seller kind on adverts up to date."""
        return SellerKindFollower(self.trail, self.settings.seller_kinds_place)

    def screener(self) -> Screener:
        """The screener, which applies the moderation rules to adverts and opens cases."""
        return Screener(
            self.trail,
            self.accounts.vault,
            EvidenceGatherer(
                self.store, self.engine.index, similar_photos_elsewhere, self.earlier_adverts()
            ),
            looks_at_all=self.settings.review == "all",
            reports_to_hide=self.settings.reports_to_hide,
            links=self.links,
        )

    def earlier_adverts(self) -> EarlierAdverts:
        """What moderators and reports decided about earlier adverts, as later ones meet it."""
        return EarlierAdverts.of(self.trail, self.secret_key, self.settings.case_retention_days)

    def case_follower(self) -> CaseFollower:
        """The feed follower for moderation."""
        return CaseFollower(self.screener(), self.settings.moderation_place)


def cached_listings(store: Store, settings: Settings, clock: Clock) -> ListingCache:
    """The cache of a store's listings, with the size and age from the settings."""
    return ListingCache(
        store, most=settings.cache_listings, seconds=settings.cache_seconds, clock=clock
    )


class KeyUse(Enum):
    """What opening a market demands of the secret key."""

    RIGHT = auto()
    """The one that the market is used with."""
    ANY = auto()
    """Some key, which is about to become the right one."""
    NONE = auto()
    """Nothing: what is done neither signs nor decrypts."""


@asynccontextmanager
async def open_market(settings: Settings, *, clock: Clock = now_ms) -> AsyncIterator[Market]:
    """The market for some settings, made where there is none. Else as `open_existing_market`."""
    if not await has_market(settings):
        await check_place(settings)
        settings.secret()
        async with open_store(settings, secrets.token_hex(), clock):
            pass
    async with open_existing_market(settings, clock=clock) as market:
        yield market


@asynccontextmanager
async def open_existing_market(
    settings: Settings, *, clock: Clock = now_ms, key: KeyUse = KeyUse.RIGHT
) -> AsyncIterator[Market]:
    """The market for some settings, closed at the end of the block. Sets the language of this process.

    Raises Invalid where there is no market, or its secret key is missing or another one, ValueError for
    texts that cannot be read, and Unavailable for a market whose active version is newer than this code.
    """
    texts.use(settings.language, settings.texts)
    if not await has_market(settings):
        raise no_market(settings)
    secret_key = settings.kept_secret()
    if secret_key is None:
        if key is not KeyUse.NONE:
            raise _wrong_key(f"is not set, and {key_file(settings.data).absolute()} is missing")
        secret_key = secrets.token_hex()
    async with (
        open_store(settings, secret_key, clock) as engine,
        _master_keys(settings, secret_key) as masters,
        _hasher() as passwords,
        _search_engine(settings, secret_key) as search,
        _studio(settings) as studio,
    ):
        store = in_newest_shape(engine)
        await store.in_force.begin()
        identity = await _identity_of(engine, secret_key, key)
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
            identity=identity,
            secret_key=secret_key,
        )


async def _identity_of(engine: Store, secret_key: str, key: KeyUse) -> MarketIdentity:
    ours = fingerprint(secret_key)
    identity = await identify(engine, ours if key is KeyUse.RIGHT else None)
    if key is KeyUse.RIGHT and identity.key != ours:
        raise _wrong_key(
            f"is another than this market's: its fingerprint is {ours}, and the market's {identity.key}"
        )
    return identity


def _wrong_key(what: str) -> Invalid:
    todo = "; put back the market's own key, or, if it is lost, see `marinemarket secrets accept-key --help`"
    return Invalid([FieldError(f"{PREFIX}SECRET_KEY", what + todo)])


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
    studio = Studio(
        blobs_at(settings.blobs_place),
        seconds=settings.picture_seconds,
        memory=settings.picture_megabytes * 1_000_000,
    )
    try:
        yield studio
    finally:
        studio.close()


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


def in_newest_shape(engine: Store) -> VersionedStore:
    """The store as the domains see it: with items in the newest version's format."""
    return VersionedStore(engine, SHAPES, ActiveVersion(engine, SHAPES))
