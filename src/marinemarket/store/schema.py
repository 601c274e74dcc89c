"""The tables, declared once. Every engine, and the reference page, is made from this.

A table's key is one attribute or two. An index lists the items that carry both its attributes,
and no others: leaving an attribute out keeps an item out of the index. `shards` is the number of
partitions over which an engine with hot partitions spreads one value's writes; `ttl` names the
attribute that holds the second at which an item ceases to exist.
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
        """The values of an item's key. Raises KeyError when one is missing."""
        return tuple(item[attribute.name] for attribute in self.key_attributes)

    @property
    def all_key_attributes(self) -> Iterator[Attribute]:
        """The attributes of the key and of every index: those whose type is fixed."""
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
        # Sparse: a listing carries `locationState` and `publicity` only while it is offered.
        Index("location-index", _text("locationState"), _number("createdAt")),
        Index("public-index", _text("publicity"), _number("createdAt"), shards=8),
        Index("owner-index", _text("ownerId"), _number("createdAt")),
        Index("hin-index", _text("hin"), _number("createdAt")),
        # Sparse: an offered boat, by how often its owner was asked whether she still is for sale.
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

# A claim makes a value unique: whoever puts it first, in the commit that needs it, has it.
CLAIMS = Table("boat-claims", _text("claim"))

# What stands for a while and then is nothing: guesses counted, sign-ins half done, requests answered.
PASSING = Table("boat-passing", _text("name"), ttl="ttl")

# Letters to the world. One that is still to be sent carries `waiting`, and so stands in due-index.
OUTBOX = Table(
    "boat-outbox",
    _text("id"),
    indexes=(
        Index("due-index", _text("waiting"), _text("dueAt"), shards=4),
        Index("user-index", _text("userId"), _text("createdAt")),
    ),
    ttl="ttl",
)

# What people look for time and again. One that has a letter to be sent carries `waiting` and `dueAt`.
SAVED_SEARCHES = Table(
    "boat-saved-searches",
    _text("id"),
    indexes=(
        Index("user-index", _text("userId"), _text("createdAt")),
        Index("due-index", _text("waiting"), _text("dueAt"), shards=4),
    ),
)

# Which boat a saved search has told of, at what price: so that nothing is told twice.
TOLD = Table(
    "boat-saved-search-told",
    _text("searchId"),
    _text("listingId"),
    indexes=(Index("user-index", _text("userId"), _text("at")),),
    ttl="ttl",
)

# Adverts that are not finished yet, as they were typed; published, one becomes the listing of its id.
DRAFTS = Table(
    "boat-drafts",
    _text("id"),
    indexes=(Index("owner-index", _text("ownerId"), _number("updatedAt")),),
)

# What moderators know of a listing. One that waits for them carries `queue` and its `lane`.
CASES = Table(
    "boat-moderation-cases",
    _text("listingId"),
    indexes=(
        Index("queue-index", _text("queue"), _number("waitingSince"), shards=4),
        Index("lane-index", _text("lane"), _number("waitingSince"), shards=4),
        Index("seller-index", _text("sellerId"), _number("updatedAt")),
    ),
)

# What people said is wrong with a listing. Of whoever left no account or address it carries none.
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

# What buyers and sellers write about one boat. One that waits for its buyer's address to be confirmed
# carries `ttl`.
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

# Every picture and video there is a file of. One that no advert holds carries `waiting` and `since`
# until its files are removed. A picture that an advert holds carries its perceptual hash in four
# bands, by which the same picture is found at others.
MEDIA = Table(
    "boat-media",
    _text("id"),
    indexes=(
        Index("owner-index", _text("ownerId"), _number("createdAt")),
        Index("waiting-index", _text("waiting"), _number("since"), shards=4),
        *(Index(f"band-{n}-index", _text(f"band{n}"), _number("createdAt")) for n in range(4)),
    ),
)

# Sparse: a message carries `held` only while a moderator is to look at it.
MESSAGES = Table(
    "boat-messages",
    _text("threadId"),
    _text("sentAt"),
    indexes=(Index("held-index", _text("held"), _text("sentAt"), shards=2),),
    ttl="ttl",
)

# Whose messages a user wants no more.
MESSAGE_BLOCKS = Table("boat-message-blocks", _text("userId"), _text("whom"))

# How long a seller took for the latest first answers.
ANSWER_TIMES = Table("boat-answer-times", _text("sellerId"))

# Which boats somebody keeps an eye on, and what each cost when they began.
WATCHLIST = Table(
    "boat-watchlist",
    _text("userId"),
    _text("listingId"),
    indexes=(
        Index("user-index", _text("userId"), _text("at")),
        Index("listing-index", _text("listingId"), _text("at")),
    ),
)

# How often a boat's page was looked at on one day, which no listing carries: it would be a change.
VIEWS = Table("boat-views", _text("listingId"), _text("day"), ttl="ttl")

# A seller's files: what became of each. The rows that were refused stand beside it, in parts.
IMPORTS = Table("boat-imports", _text("ownerId"), _text("part"), ttl="ttl")

# What the market knows of itself: the shape of its items, and how far a long job has come.
MARKET = Table("boat-market", _text("name"))

TABLES = (
    USERS, LISTINGS, AUDIT_LOGS, SESSIONS, LOGIN_ATTEMPTS, CLAIMS, PASSING, OUTBOX, SAVED_SEARCHES,
    TOLD, DRAFTS, CASES, REPORTS, MEDIA, THREADS, MESSAGES, MESSAGE_BLOCKS, ANSWER_TIMES, WATCHLIST,
    VIEWS, IMPORTS, MARKET,
)  # fmt: skip

BY_NAME = {table.name: table for table in TABLES}


@dataclass(frozen=True, slots=True)
class Made:
    """What was done to make one table; `left_out` names what this endpoint does not offer."""

    table: str
    was_there: bool
    left_out: tuple[str, ...] = ()
