"""The tables, declared once. Every engine and the reference page are built from this.

A table's key has one or two attributes. An index lists only the items that have both of its
attributes: leaving one out keeps an item out of the index. `shards` is the number of partitions
over which an engine with hot partitions spreads the writes for one value; `ttl` names the attribute
with the second at which an item expires.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The type of a key attribute. NUMBER is a whole number of at most 64 bits."""

    TEXT = "S"
    NUMBER = "N"


@dataclass(frozen=True, slots=True)
class Attribute:
    name: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Index:
    name: str
    partition: Attribute
    sort: Attribute | None = None
    shards: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    partition: Attribute
    sort: Attribute | None = None
    indexes: tuple[Index, ...] = ()
    ttl: str | None = None

    def index(self, name: str) -> Index:
        return next(index for index in self.indexes if index.name == name)

    @property
    def key_attributes(self) -> tuple[Attribute, ...]:
        return (self.partition, self.sort) if self.sort else (self.partition,)

    def key_of(self, item: dict[str, Any]) -> tuple[Any, ...]:
        """The values of an item's key. Raises KeyError if one is missing."""
        return tuple(item[attribute.name] for attribute in self.key_attributes)

    @property
    def all_key_attributes(self) -> Iterator[Attribute]:
        """The attributes of the key and of all indexes: those with a fixed type."""
        yield from self.key_attributes
        for index in self.indexes:
            yield index.partition
            if index.sort:
                yield index.sort


def _text(name: str) -> Attribute:
    return Attribute(name)


def _number(name: str) -> Attribute:
    return Attribute(name, Kind.NUMBER)


USERS = Table(
    "boat-users",
    _text("id"),
    indexes=(Index("email-index", _text("email")),),
)

LISTINGS = Table(
    "boat-listings",
    _text("id"),
    indexes=(
        # Sparse: a listing has `locationState` and `publicity` only while it is offered.
        Index("location-index", _text("locationState"), _number("createdAt")),
        Index("public-index", _text("publicity"), _number("createdAt"), shards=8),
        Index("owner-index", _text("ownerId"), _number("createdAt")),
        Index("hin-index", _text("hin"), _number("createdAt")),
        # Sparse: offered boats, by how often their owners were asked whether they are still for sale.
        Index("unconfirmed-index", _text("unconfirmed"), _number("unconfirmedSince"), shards=4),
    ),
)

AUDIT_LOGS = Table(
    "boat-audit-logs",
    _text("id"),
    _text("timestamp"),
    indexes=(
        Index("user-index", _text("userId"), _text("timestamp")),
        Index("action-index", _text("action"), _text("timestamp"), shards=8),
        Index("resource-index", _text("resource"), _text("timestamp"), shards=8),
    ),
    ttl="ttl",
)

SESSIONS = Table(
    "boat-admin-sessions",
    _text("sessionId"),
    indexes=(Index("user-index", _text("userId"), _text("lastActivity")),),
    ttl="expiresAt",
)

LOGIN_ATTEMPTS = Table(
    "boat-login-attempts",
    _text("id"),
    _text("timestamp"),
    indexes=(
        Index("email-index", _text("email"), _text("timestamp")),
        Index("ip-index", _text("ipAddress"), _text("timestamp")),
    ),
    ttl="ttl",
)

# A claim makes a value unique: it belongs to whoever first writes it, in the commit that needs it.
CLAIMS = Table("boat-claims", _text("claim"))

# Short-lived records: attempts counted, sign-ins half done, responses to idempotent requests.
PASSING = Table("boat-passing", _text("name"), ttl="ttl")

# Outgoing emails. One that is still to be sent has `waiting`, and so is in due-index; one that was
# given up or came back has `failed`.
OUTBOX = Table(
    "boat-outbox",
    _text("id"),
    indexes=(
        Index("due-index", _text("waiting"), _text("dueAt"), shards=4),
        Index("user-index", _text("userId"), _text("createdAt")),
        Index("failed-index", _text("failed"), _text("failedAt"), shards=2),
    ),
    ttl="ttl",
)

# Saved searches. One with an email to be sent has `waiting` and `dueAt`.
SAVED_SEARCHES = Table(
    "boat-saved-searches",
    _text("id"),
    indexes=(
        Index("user-index", _text("userId"), _text("createdAt")),
        Index("due-index", _text("waiting"), _text("dueAt"), shards=4),
    ),
)

# Which boats wait for the next email of a saved search: nobody has been told of them yet.
NOTED = Table(
    "boat-saved-search-noted",
    _text("searchId"),
    _text("listingId"),
    indexes=(Index("user-index", _text("userId"), _text("at")),),
    ttl="ttl",
)

# Which boats the emails of a saved search have reported, and at what price, so that none is reported
# twice; and, under a name of their boats, the adverts that were deleted (see `saved_searches/relisted.py`).
TOLD = Table(
    "boat-saved-search-told",
    _text("searchId"),
    _text("listingId"),
    indexes=(Index("user-index", _text("userId"), _text("at")),),
    ttl="ttl",
)

# Unfinished adverts, as typed. When published, a draft becomes the listing with its id.
DRAFTS = Table(
    "boat-drafts",
    _text("id"),
    indexes=(Index("owner-index", _text("ownerId"), _number("updatedAt")),),
)

# What moderators know of a listing. A case that waits for them has `queue` and `lane`.
CASES = Table(
    "boat-moderation-cases",
    _text("listingId"),
    indexes=(
        Index("queue-index", _text("queue"), _number("waitingSince"), shards=4),
        Index("lane-index", _text("lane"), _number("waitingSince"), shards=4),
        Index("seller-index", _text("sellerId"), _number("updatedAt")),
    ),
    ttl="ttl",
)

# What is recognised in later adverts of those that were suspected or decided against: keyed hashes of
# hulls, words and pictures. They name nobody, and outlive the case if its seller is erased.
PRECEDENTS = Table(
    "boat-precedents",
    _text("trace"),
    _text("listingId"),
    indexes=(Index("listing-index", _text("listingId"), _number("at")),),
    ttl="ttl",
)

# What people reported as wrong with a listing. It has no reporter if they gave no account or address.
REPORTS = Table(
    "boat-reports",
    _text("id"),
    indexes=(
        Index("listing-index", _text("listingId"), _number("createdAt")),
        Index("seller-index", _text("sellerId"), _number("createdAt")),
        Index("user-index", _text("userId"), _number("createdAt")),
        Index("email-index", _text("email"), _number("createdAt")),
    ),
    ttl="ttl",
)

# Messages about one boat between a buyer and its seller. A thread has `ttl` while it waits for its
# buyer to confirm their address.
THREADS = Table(
    "boat-threads",
    _text("id"),
    indexes=(
        Index("seller-index", _text("sellerId"), _text("lastAt")),
        Index("buyer-index", _text("buyer"), _text("lastAt")),
        Index("listing-index", _text("listingId"), _text("createdAt")),
    ),
    ttl="ttl",
)

# Every photo and video that has files. One that no advert uses has `waiting` and `since` until its
# files are removed. A photo in an advert carries its perceptual hash in four bands, by which the
# same photo is found in other adverts.
MEDIA = Table(
    "boat-media",
    _text("id"),
    indexes=(
        Index("owner-index", _text("ownerId"), _number("createdAt")),
        Index("waiting-index", _text("waiting"), _number("since"), shards=4),
        *(Index(f"band-{n}-index", _text(f"band{n}"), _number("createdAt")) for n in range(4)),
    ),
)

# Sparse: a message has `held` only while a moderator must review it.
MESSAGES = Table(
    "boat-messages",
    _text("threadId"),
    _text("sentAt"),
    indexes=(Index("held-index", _text("held"), _text("sentAt"), shards=2),),
    ttl="ttl",
)

# Whose messages a user has blocked.
MESSAGE_BLOCKS = Table("boat-message-blocks", _text("userId"), _text("whom"))

# How long a seller took for the most recent first answers.
ANSWER_TIMES = Table("boat-answer-times", _text("sellerId"))

# Which boats a user watches, and what each cost when they began.
WATCHLIST = Table(
    "boat-watchlist",
    _text("userId"),
    _text("listingId"),
    indexes=(
        Index("user-index", _text("userId"), _text("at")),
        Index("listing-index", _text("listingId"), _text("at")),
    ),
)

# Views of a boat's page per day. Not kept in the listing, where each view would be a change.
VIEWS = Table("boat-views", _text("listingId"), _text("day"), ttl="ttl")

# A seller's imported files and their outcome. Rejected rows are stored beside them, in parts.
IMPORTS = Table("boat-imports", _text("ownerId"), _text("part"), ttl="ttl")

# Jobs over many things. Each has a `head`, and what its kind keeps beside it. A `queue` lists the
# unfinished jobs of one owner, and is in due-index.
JOBS = Table(
    "boat-jobs",
    _text("id"),
    _text("part"),
    indexes=(
        Index("due-index", _text("waiting"), _text("dueAt"), shards=4),
        Index("owner-index", _text("ownerId"), _number("createdAt")),
    ),
    ttl="ttl",
)

# Erasures under way. The part `head` of one is in due-index until all of it is done; the other parts
# hold the person's addresses, and the keys of what was removed, until the feed has forgotten them.
ERASURES = Table(
    "boat-erasures",
    _text("userId"),
    _text("part"),
    indexes=(Index("due-index", _text("waiting"), _text("dueAt")),),
)

# The market's notes about itself: active item versions, and the progress of long jobs.
MARKET = Table("boat-market", _text("name"))

TABLES = (
    USERS, LISTINGS, AUDIT_LOGS, SESSIONS, LOGIN_ATTEMPTS, CLAIMS, PASSING, OUTBOX, SAVED_SEARCHES,
    NOTED, TOLD, DRAFTS, CASES, REPORTS, MEDIA, THREADS, MESSAGES, MESSAGE_BLOCKS, ANSWER_TIMES,
    PRECEDENTS,
    WATCHLIST, VIEWS, IMPORTS, JOBS, ERASURES, MARKET,
)  # fmt: skip

BY_NAME = {table.name: table for table in TABLES}


@dataclass(frozen=True, slots=True)
class Made:
    """What was done to make one table; `left_out` names what this endpoint does not offer."""

    table: str
    was_there: bool
    left_out: tuple[str, ...] = ()
