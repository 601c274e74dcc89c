"""Operational writes: those that change nothing in the market, and so need no audit entry.

The trail commits everything else together with its entry. This list is complete; a test compares it
with the code. (Sweeping expired items, trimming the feed and loading a backup are not commits: the
engines do them.)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Operational(Enum):
    """What the trail commits without an entry, and why."""

    SESSION_ACTIVITY = "a heartbeat: whoever reads for an hour would leave sixty entries"
    CLAIM_KEY = "keeps what an account has, under a key that does not show it"
    ERASURE = "notes how far an erasure has come, which was begun by an entry's commit"
    LETTER = "tells how far a letter has come, which was called for by an entry's commit"
    LETTER_PACE = "keeps strangers from flooding a mailbox, and ends by itself within a minute"
    CHALLENGE = "is a question to whoever may answer it; signing in leaves the entry"
    COLLECTED = "notes what the next letter of a saved search may tell; the letter leaves an entry"
    DRAFT = "is what somebody types, seen by nobody else; publishing it leaves the entry"
    MEDIA = (
        "announces files that are to come, or notes that those nobody holds are gone; what an "
        "advert takes in or lets go leaves the entry"
    )
    JOB = (
        "says how far a job has come where nothing of the market changed, or whose turn it is; "
        "its start and every change that it makes leave an entry"
    )
    PRECEDENTS = (
        "derives from a case what is recognised in later adverts; what the case "
        "says is committed with an entry"
    )
    READ = "notes that somebody has read what was written to them, which they alone see"
    BAN_TOLD = "warns somebody by email of a member they wrote with; the ban leaves the entry"
    RELAY_TOLD = "tells a sender by letter what became of a mail that changed nothing"
    WATCHED = "is a private note to oneself; an entry would keep somebody's taste for seven years"
    VIEWS = "counts looks at boats, of which there are more than of all changes together"
    GUESS = "counts a guess that is still to be judged; what it was found to be leaves an entry"


@dataclass(frozen=True, slots=True)
class Own:
    """A store module that commits by itself: what it writes, and why that needs no entry."""

    module: str
    writes: str
    because: str


STORES_OWN = (
    Own(
        "store/active_version.py",
        "the shapes in force",
        "they say how items are written, and the version that is running decides them",
    ),
    Own(
        "store/market_identity.py",
        "the market's id, its pepper, and the fingerprint of the key that it is first used with",
        "they are made with the store; accepting another key leaves an entry",
    ),
    Own(
        "store/migration.py",
        "items in their newest shape, and how far that work has come",
        "an item means what it meant before, and every reader sees it as it did",
    ),
    Own(
        "store/versioned_store.py",
        "what the trail asks for, in the shape in force",
        "it hands on to the engine what was committed together with its entry",
    ),
)
