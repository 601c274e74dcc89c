"""The errors that MarineMarket foresees; each carries its data and knows its HTTP status.

::

    MarketError
    ├── Invalid            422  input breaks rules; every broken rule at once
    ├── NotFound           404  no such thing, or not for you to see
    ├── Refused            409  the market's rules forbid it as things stand
    ├── NotSignedIn        401  only for people the market knows
    ├── WrongCredentials   401  the address, password or code is not right, or too often was not
    ├── Forbidden          403  known, and not allowed to
    ├── Conflict           412  somebody else changed the item first
    ├── Outdated           412  the edit was of another version than the one that stands
    ├── Unversioned        428  an edit must say of which version it is
    ├── TooMany            429  more often than the market's limits allow
    ├── TooLarge           413  more than one commit or one item may hold
    ├── UnknownKind        415  a file of a kind that the market does not take
    ├── Unavailable        503  an engine is busy or away; try again
    │   ├── Contended           others were writing the same items; nothing was written
    │   └── FeedLost            the feed no longer holds what a follower missed: rebuild
    ├── StorageFull        507  no room on the disk; nothing was written
    ├── Damaged            500  a file of the archive is not what was written
    └── Unreadable         500  a sealed secret was altered, or its master key is gone

Anything else that escapes is a bug, and a 500.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One broken rule. `field` is a path as on the wire: ``boatDetails.year``, ``features.2``."""

    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


class MarketError(Exception):
    """The root of every foreseen error."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"


class Invalid(MarketError):
    """Input that breaks rules; nothing was written."""

    status = 422
    title = "Some fields need attention"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(map(str, self.errors)))


class NotFound(MarketError):
    """Nothing there, or nothing that the asker may know of."""

    status = 404
    title = "Not found"

    def __init__(self, kind: str, id: str) -> None:
        self.kind, self.id = kind, id
        super().__init__(f"there is no {kind} {id}")


class Refused(MarketError):
    """The request is well formed, but the state of the market forbids it."""

    status = 409
    title = "Not possible as things stand"


class Conflict(MarketError):
    """A condition of a commit did not hold; none of its writes happened.

    `table` (its name) and `key` say whose condition it was, and so which write has lost, since a commit
    names no item twice. `item` is what stands there now (None: nothing).
    """

    status = 412
    title = "Changed by somebody else"

    def __init__(
        self, table: str, key: tuple[str | int, ...], item: Mapping[str, Any] | None
    ) -> None:
        self.table, self.key, self.item = table, key, item
        # Without the key, which may hold an address: this may be shown to whoever lost.
        super().__init__("somebody else was faster: look at what stands now, and try again")


class NotSignedIn(MarketError):
    """No session, or one that has ended: which of them is not told."""

    status = 401
    title = "Please sign in"

    def __init__(self) -> None:
        super().__init__("this needs a session that is valid")


class WrongCredentials(MarketError):
    """What was given does not prove who somebody is. Which part of it, and whether there is such an
    account at all, is never told.
    """

    status = 401
    title = "That did not work"


class Forbidden(MarketError):
    """Somebody the market knows asks for what they may not do."""

    status = 403
    title = "Not allowed"


class Outdated(MarketError):
    """An edit of a version that stands no longer; nothing was written.

    `current` is the thing on the wire as its editor may see it, `version` which one that is.
    """

    status = 412
    title = "Changed meanwhile"

    def __init__(self, version: int, current: Mapping[str, Any]) -> None:
        self.version, self.current = version, current
        super().__init__("another version stands now; look at it, and try again")


class Unversioned(MarketError):
    """An edit that does not say of which version it is might undo what it has not seen."""

    status = 428
    title = "Which version?"

    def __init__(self) -> None:
        super().__init__("send the ETag of what you edit as If-Match")


class TooMany(MarketError):
    """More often than a limit allows. `retry_after` is in seconds."""

    status = 429
    title = "Too many requests"

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(f"please try again in {retry_after} seconds")


class TooLarge(MarketError):
    """More than the store takes in one piece; the message names the limit."""

    status = 413
    title = "Too large"


class UnknownKind(MarketError):
    """A file that is, by its content, of no kind that the market takes; the message names those."""

    status = 415
    title = "A file of another kind"


class Unavailable(MarketError):
    """An engine cannot answer now. `retry_after` is in seconds."""

    status = 503
    title = "Busy, please try again"

    def __init__(self, message: str, *, retry_after: int = 1) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class Contended(Unavailable):
    """Others were writing the same items at this moment, and an engine gave way: nothing was written."""


class FeedLost(Unavailable):
    """A follower's position is not in this feed: what it holds must be rebuilt."""


class StorageFull(MarketError):
    """The disk is full. Reads go on; writes succeed again once there is room."""

    status = 507
    title = "No room left for writing"


class Damaged(MarketError):
    """A file of the archive is missing, altered or cut: what it held cannot be trusted."""

    title = "The archive is damaged"

    def __init__(self, file: str, message: str) -> None:
        self.file, self.message = file, message
        super().__init__(f"{file} {message}")


class Unreadable(MarketError):
    """A secret that was sealed and cannot be opened: altered, moved, or its master key is gone."""

    title = "A secret cannot be opened"
