"""The errors that MarineMarket expects. Each carries its data and knows its HTTP status.

::

    MarketError
    ├── Invalid            422  input breaks rules; lists every broken rule at once
    ├── NotFound           404  it does not exist, or you may not see it
    ├── Refused            409  the market's rules forbid it in the current state
    ├── NotSignedIn        401  only for people who are signed in
    ├── WrongCredentials   401  the address, password or code is wrong, or there were too many attempts
    ├── Forbidden          403  signed in, but not allowed
    ├── TermsNotAgreed     403  signed in, but without agreement to the terms in force
    ├── Conflict           412  somebody else changed the item first
    ├── Outdated           412  the edit was based on an older version
    ├── Unversioned        428  an edit must name the version it is based on
    ├── TooMany            429  more often than the market's limits allow
    ├── TooLarge           413  more than one commit or one item may hold
    ├── UnknownKind        415  a file type that the market does not accept
    ├── Unavailable        503  a part of the market cannot answer now
    │   ├── Busy                it is there, and has too much to do; try again
    │   │   └── Contended       others were writing the same items; nothing was written
    │   ├── NotSetUp            the operator has still to make something, such as a table
    │   ├── Away                a service is away, as the log says already
    │   └── FeedLost            the feed no longer holds what a follower missed: rebuild
    ├── StorageFull        507  the disk is full; nothing was written
    ├── DamagedItem        500  a stored item differs from what was written
    ├── Damaged            500  a file of the archive differs from what was written
    └── Unreadable         500  a sealed secret was altered, or its master key is missing

Anything else that escapes is a bug, and a 500.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from .i18n.texts import gettext as _
from .i18n.texts import mark, ngettext


@dataclass(frozen=True, slots=True)
class FieldError:
    """One broken rule. `field` is a path as on the wire: ``boatDetails.year``, ``features.2``."""

    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


class MarketError(Exception):
    """The base class of every expected error."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = mark("Something went wrong")
    type: ClassVar[str] = "about:blank"
    """The `type` of its problem document (RFC 9457), where its status does not say it all."""


MOST_TOLD = 20
"""How many broken rules an answer names; it counts the others."""


class Invalid(MarketError):
    """Input that breaks rules; nothing was written."""

    status = 422
    title = mark("Some fields need attention")

    def __init__(self, errors: Sequence[FieldError]) -> None:
        self.errors = tuple(errors)
        told = [str(error) for error in self.errors[:MOST_TOLD]]
        if more := self.untold:
            told.append(ngettext("and %(num)s more", "and %(num)s more", more))
        super().__init__("; ".join(told))

    @property
    def untold(self) -> int:
        """How many errors an answer only counts."""
        return max(0, len(self.errors) - MOST_TOLD)


class NotFound(MarketError):
    """It does not exist, or the caller may not know that it does."""

    status = 404
    title = mark("Not found")

    def __init__(self, kind: str, id: str) -> None:
        self.kind, self.id = kind, id
        super().__init__(_("there is no %(kind)s %(id)s", kind=kind, id=id))


class Refused(MarketError):
    """The request is well formed, but the state of the market forbids it."""

    status = 409
    title = mark("Not possible as things stand")


class TermsNotAgreed(MarketError):
    """Writing needs agreement to the terms in force, whose version is `version`."""

    status = 403
    title = mark("The terms have changed")
    type = "urn:marinemarket:problem:terms-not-agreed"

    def __init__(self, version: str) -> None:
        self.version = version
        super().__init__(_("please read the terms of this market first, and answer them"))


class Conflict(MarketError):
    """A condition of a commit did not hold; none of its writes happened.

    `table` (its name) and `key` identify the item whose condition failed, and thereby the write that
    lost, since a commit names no item twice. `item` is the current item (None if there is none).
    """

    status = 412
    title = mark("Changed by somebody else")

    def __init__(
        self, table: str, key: tuple[str | int, ...], item: Mapping[str, Any] | None
    ) -> None:
        self.table, self.key, self.item = table, key, item
        # Without the key, which may hold an email address: this may be shown to the losing side.
        super().__init__("somebody else was faster: look at what stands now, and try again")


class NotSignedIn(MarketError):
    """There is no session, or it has ended; the message does not reveal which."""

    status = 401
    title = mark("Please sign in")

    def __init__(self) -> None:
        super().__init__(_("this needs a valid session"))


class WrongCredentials(MarketError):
    """The credentials do not prove the user's identity. The message never reveals which part was
    wrong, or whether the account exists.
    """

    status = 401
    title = mark("That did not work")


class Forbidden(MarketError):
    """A signed-in user asked for something that they are not allowed to do."""

    status = 403
    title = mark("Not allowed")


class Outdated(MarketError):
    """An edit was based on a version that is no longer current; nothing was written.

    `current` is the item on the wire as its editor may see it, `version` its version.
    """

    status = 412
    title = mark("Changed meanwhile")

    def __init__(self, version: int, current: Mapping[str, Any]) -> None:
        self.version, self.current = version, current
        super().__init__(_("it has changed since; look at the current version, and try again"))


class Unversioned(MarketError):
    """An edit must name the version it is based on; otherwise it might undo unseen changes."""

    status = 428
    title = mark("Which version?")

    def __init__(self) -> None:
        super().__init__(_("send the ETag of what you edit as If-Match"))


class TooMany(MarketError):
    """More often than a limit allows. `retry_after` is in seconds."""

    status = 429
    title = mark("Too many requests")

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(_("please try again in %(wait)s", wait=_in_words(retry_after)))


def _in_words(seconds: int) -> str:
    if seconds < 120:
        return ngettext("%(num)s second", "%(num)s seconds", seconds)
    if seconds < 7200:
        return ngettext("%(num)s minute", "%(num)s minutes", -(-seconds // 60))
    return ngettext("%(num)s hour", "%(num)s hours", -(-seconds // 3600))


class TooLarge(MarketError):
    """More than the store accepts in one piece; the message names the limit."""

    status = 413
    title = mark("Too large")


class UnknownKind(MarketError):
    """The file's content is of a type that the market does not accept; the message lists those it does."""

    status = 415
    title = mark("Unsupported file type")


class Unavailable(MarketError):
    """A part of the market cannot answer now. `retry_after` is in seconds."""

    status = 503
    title = mark("Not available at the moment")

    def __init__(self, message: str, *, retry_after: int = 1) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class Busy(Unavailable):
    """Everything is there and has too much to do: a moment later it succeeds."""

    title = mark("Busy, please try again")


class NotSetUp(Unavailable):
    """Something is missing that an operator has still to make. Trying again does not help."""

    title = mark("Not set up completely")


class Contended(Busy):
    """Others were writing the same items, and the engine gave way: nothing was written."""


class Away(Unavailable):
    """A service outside this process is away.

    Whoever noticed first has logged it: callers that meet the same outage log nothing.
    """


class FeedLost(Unavailable):
    """A follower's position is not in this feed: its state must be rebuilt."""


class StorageFull(MarketError):
    """The disk is full. Reads continue; writes succeed again once there is room."""

    status = 507
    title = mark("No room left for writing")


class DamagedItem(MarketError):
    """A stored item differs from what was written: its checksum, or its place, is wrong.

    `table` and `key` name it, for the log and for operators. The message does not: a key may hold an
    email address, and a visitor may see the message.
    """

    title = mark("This cannot be shown")

    def __init__(self, table: str, key: Sequence[object], why: str) -> None:
        self.table, self.key, self.why = table, tuple(key), why
        super().__init__(_("its stored data is damaged; the market's staff can repair it"))


class Damaged(MarketError):
    """A file of the archive is missing, altered or truncated: its content cannot be trusted."""

    title = mark("The archive is damaged")

    def __init__(self, file: str, message: str) -> None:
        self.file, self.message = file, message
        super().__init__(f"{file} {message}")


class Unreadable(MarketError):
    """A sealed secret cannot be opened: it was altered or moved, or its master key is missing."""

    title = mark("A secret cannot be opened")
