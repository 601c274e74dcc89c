"""Importing files of adverts as listings; repeating an import does no harm.

A row's identity determines its listing's id, so the same row updates the same listing whenever it
comes again: an interrupted import is simply run again, and one that changes nothing writes nothing.
`identity.py` says what the identity is.

Every row ends as exactly one of created, updated, unchanged or rejected.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from ...accounts.user import User
from ...audit.entry import Actor
from ...audit.trail import Trail
from ...errors import FieldError, Invalid, MarketError, Refused, TooLarge
from ...i18n.numbers import dollars, money
from ...i18n.texts import gettext as _
from ...store.writes import Write
from ...wire import HIGHEST_PRICE, LOWEST_PRICE, encode
from ..listing import Listing, Moderation, ModerationState, Money, Status
from ..price_history import current_price, with_price_history
from ..pricing import Rates
from ..reconfirmation import dated_offer
from ..records import (
    add_listing,
    find_listing,
    find_listings,
    is_active,
    next_version,
    replace_listing,
)
from ..seller_kind import kind_of
from ..titles import title_errors
from .changes import completed, dated, says_the_same
from .formats.parsed_row import Format, ParsedRow
from .identity import Identities, Likeness, asks_the_same, chosen
from .import_report import ImportReport
from .media_elsewhere import take_media_elsewhere
from .rejects import RejectsFile, RejectsTable
from .source_file import RawRow, SourceFile

_AT_ONCE = 200
_SAMPLE = 100
"""Rows that tell whether a file is of boats that are known."""
_MOST_AHEAD = 8000
"""Rows that are kept while the others are looked at: a bound on memory."""
_MOST_ATTEMPTS = 100
"""Rows of one owner are written concurrently, and an engine may make them wait for each other."""

ACTOR = Actor.system("import")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that was read, what it says of a boat, and the id of her listing.

    `number` is the row's place in its file, from 0. `likeness` is known of a row without a reference,
    whose id is decided when the store has been asked.
    """

    row: RawRow
    draft: ParsedRow
    id: str
    number: int
    likeness: Likeness | None = None


_Read = tuple[RawRow, ParsedRow | MarketError]
"""A row, and what it says of a boat or why it says nothing."""
_Numbered = tuple[RawRow, Candidate | MarketError]


class Importer:
    """One import of one file: the market, the owner, the format and the rates."""

    def __init__(
        self, trail: Trail, *, owner: User, format: Format, rates: Rates, actor: Actor = ACTOR
    ) -> None:
        self._actor = actor
        self._trail, self._owner, self._format, self._rates = trail, owner, format, rates
        kind = kind_of(owner)
        self._seller_kind = {"sellerKind": kind.value} if kind else {}
        self._identities = Identities(owner.id, format.name)
        self._lines: dict[str, int] = {}
        self._is_later_file = False
        self.report = ImportReport()
        self.pictures: dict[str, list[str]] = {}
        """The addresses of pictures on other hosts, by the accepted listing that they belong to."""
        self.picture_rows: dict[str, Candidate] = {}
        """The rows that name them, by the listing."""

    async def run(
        self,
        path: Path,
        rejects: Path,
        progress: Callable[[int, int], None] = lambda *_: None,
        *,
        encoding: str | None = None,
    ) -> ImportReport:
        """Import a file, in an `encoding` that was named or is found out.

        `progress` receives how many bytes of how many have been read.

        Raises Invalid if the file is not in the format, and any error of the store; what was accepted until
        then stays, and the next run continues from there.
        """
        source = await asyncio.to_thread(SourceFile, path, encoding=encoding)
        try:
            self._format.check_header(source.names, source.twice)
            with RejectsFile(rejects, source.columns) as refused:
                # Hostile or huge cells take time; a thread keeps the event loop free.
                ahead, total = await asyncio.to_thread(self._look_ahead, source)
                await self._look_for_known(ahead)
                rows = self._numbered(self._all_rows(ahead, total, path, encoding))
                while batch := await asyncio.to_thread(_next_of, rows, _AT_ONCE):
                    await self._batch(batch, refused)
                    progress(source.size * self.report.rows // total, source.size)
        finally:
            source.close()
        return self.report

    def tried(
        self, source: SourceFile, most: int
    ) -> Iterator[tuple[RawRow, Listing | MarketError]]:
        """What at most so many rows of a file would become as new listings; nothing is written."""
        drafted = ((row, self._draft(row)) for row in islice(source, most))
        for row, candidate in self._numbered(drafted):
            if isinstance(candidate, MarketError):
                yield row, candidate
                continue
            try:
                yield row, self._new(candidate, *self._priced(candidate.draft))
            except Invalid as error:
                yield row, Invalid([self._by_column(wrong) for wrong in error.errors])

    async def run_slice(
        self, source: SourceFile, first: int, most: int, refused: RejectsTable
    ) -> None:
        """Import at most so many rows of a file that was just opened, from row `first` on.

        The others are only read: which rows are alike is decided by all of them.
        """
        ahead, _total = await asyncio.to_thread(self._look_ahead, source)
        await self._look_for_known(ahead)
        rows = self._numbered(iter(ahead))
        await asyncio.to_thread(_next_of, rows, first)
        await self._batch(await asyncio.to_thread(_next_of, rows, most), refused)

    def _look_ahead(self, source: SourceFile) -> tuple[list[_Read], int]:
        """The first rows of a file, and how many there are; all are noted, to know which are alike."""
        ahead: list[_Read] = []
        total = 0
        for total, row in enumerate(source, start=1):
            read = row, self._draft(row)
            if isinstance(read[1], ParsedRow):
                self._identities.note(read[1])
            if total <= _MOST_AHEAD:
                ahead.append(read)
        return ahead, total

    async def _look_for_known(self, ahead: list[_Read]) -> None:
        """Find out, of a sample, whether the file is a later one of known boats, or of others.

        In a later one, a row that asks another price is of the boat that is described like it.
        """
        described = [
            draft
            for _row, draft in ahead
            if isinstance(draft, ParsedRow) and not draft.id and not draft.reference
        ]
        sample = described[:: max(1, len(described) // _SAMPLE)]
        known = 0
        for draft in sample:
            found = await find_listings(self._trail.store, self._identities.ids_alone(draft))
            known += any(one and self._was_known(one) for one in found)
        self._is_later_file = known * 4 >= len(sample)

    def _was_known(self, listing: Listing) -> bool:
        """Was there such an advert before this file?"""
        return True

    def _all_rows(
        self, ahead: list[_Read], total: int, path: Path, encoding: str | None
    ) -> Iterator[_Read]:
        """Every row, of which those that were not kept are read again."""
        yield from ahead
        if total > len(ahead):
            source = SourceFile(path, encoding=encoding)
            try:
                for row in islice(source, len(ahead), None):
                    yield row, self._draft(row)
            finally:
                source.close()

    async def _batch(self, rows: list[_Numbered], refused: RejectsTable) -> None:
        outcomes = await asyncio.gather(*(self._row(candidate) for _row, candidate in rows))
        for (row, _candidate), outcome in zip(rows, outcomes, strict=True):
            self.report.rows += 1
            if isinstance(outcome, MarketError):
                self.report.rejected += 1
                refused.add(row, outcome)
            else:
                setattr(self.report, outcome, getattr(self.report, outcome) + 1)

    def _draft(self, row: RawRow) -> ParsedRow | MarketError:
        try:
            if row.cells is None:
                field = _("row %(number)s", number=row.number)
                raise Invalid([FieldError(field, row.fault or "")])
            draft = self._format.draft_of(row.cells)
            self._format.adapt(draft, row.source)
            given = draft.payload.get("images", ())
            elsewhere = take_media_elsewhere(draft.payload)
            draft = self._allowed(draft)
        except MarketError as error:
            return error
        draft.elsewhere = elsewhere
        draft.pictures = [address for address in dict.fromkeys(given) if address in elsewhere]
        return draft

    def _numbered(self, rows: Iterator[_Read]) -> Iterator[_Numbered]:
        """Each row with its identity, in the file's order."""
        for number, (row, draft) in enumerate(rows):
            if isinstance(draft, ParsedRow):
                yield row, self._candidate(row, draft, number)
            else:
                yield row, draft

    def _candidate(self, row: RawRow, draft: ParsedRow, number: int) -> Candidate | MarketError:
        if not draft.id and not draft.reference:
            likeness = self._identities.of(draft)
            return Candidate(row, draft, likeness.alone, number, likeness)
        id = draft.id or self._identities.by_reference(draft.reference or "")
        if earlier := self._lines.get(id):
            # With two rows for one advert, each run would replace one with the other.
            message = _("is that of row %(earlier)s, too", earlier=earlier)
            name = "id" if draft.id else "reference"
            return Invalid([self._by_column(FieldError(name, message))])
        self._lines[id] = row.number
        return Candidate(row, draft, id, number)

    def _allowed(self, draft: ParsedRow) -> ParsedRow:
        """The parts of a draft that the owner may set. An operator may set everything."""
        return draft

    async def _row(self, candidate: Candidate | MarketError) -> str | MarketError:
        """What became of a candidate, or why it was refused."""
        if isinstance(candidate, MarketError):
            return candidate
        try:
            outcome = await self._trail.retrying(
                lambda: self._settle(candidate), most=_MOST_ATTEMPTS
            )
        except Invalid as error:
            return Invalid([self._by_column(wrong) for wrong in error.errors])
        except (Refused, TooLarge) as error:
            return error
        self.report.media_elsewhere += len(candidate.draft.elsewhere)
        for figure in candidate.draft.left_out:
            self.report.left_out[figure.split()[0]] += 1
        return outcome

    def _by_column(self, wrong: FieldError) -> FieldError:
        """An error of a field as one of the column that holds it."""
        return FieldError(self._format.named.get(wrong.field, wrong.field), wrong.message)

    async def _settle(self, candidate: Candidate) -> str:
        payload, fingerprint = self._priced(candidate.draft)
        candidate, old = await self._found(candidate, payload, fingerprint)
        new = self._listing(candidate, old, payload, fingerprint)
        if candidate.draft.pictures:
            self.pictures[candidate.id] = candidate.draft.pictures
            self.picture_rows[candidate.id] = candidate
        if new == old:
            return "unchanged"
        beside = self._beside(candidate, old, new)
        if old is None:
            await add_listing(self._trail, self._actor, new, *beside)
            return "created"
        await replace_listing(self._trail, self._actor, old, new, is_active(new.owner_id), *beside)
        if candidate.likeness and len(new.price_history) > len(old.price_history):
            self.report.taken_for_same += 1
        return "updated"

    async def _found(
        self, candidate: Candidate, payload: dict[str, Any], fingerprint: str
    ) -> tuple[Candidate, Listing | None]:
        """A candidate with the id of the advert that it is of, and that advert as it is."""
        store, likeness = self._trail.store, candidate.likeness
        if likeness is None:
            return candidate, await find_listing(store, candidate.id)
        if self._is_later_file and likeness.is_alone:
            # Most rows of such a file: one reading is enough.
            old = await find_listing(store, likeness.alone)
            if old and asks_the_same(old, payload):
                return candidate, old
        found = {one.id: one for one in await find_listings(store, likeness.ids) if one}
        id, old = chosen(likeness, found, payload, fingerprint, is_later_file=self._is_later_file)
        return replace(candidate, id=id), old

    def _beside(self, candidate: Candidate, old: Listing | None, new: Listing) -> tuple[Write, ...]:
        """Further writes of the commit that makes `old` the listing `new`."""
        return ()

    def _priced(self, draft: ParsedRow) -> tuple[dict[str, Any], str]:
        """A row's content with its price in US cents, and the fingerprint of it."""
        payload, asked = dict(draft.payload), draft.asked
        if payload.get("priceOnRequest"):
            for name in ("price", "originalPrice", "rateDate"):
                payload.pop(name, None)
        elif asked is not None:
            payload["price"] = self._us_cents(asked)
            if asked.currency != "USD":
                payload["originalPrice"] = asked.to_wire()
                payload["rateDate"] = self._rates.date.isoformat()
        return payload, sha256(encode(payload)).hexdigest()[:32]

    def _listing(
        self, candidate: Candidate, old: Listing | None, payload: dict[str, Any], fingerprint: str
    ) -> Listing:
        if old is None:
            return self._new(candidate, payload, fingerprint)
        if old.owner_id != self._owner.id:
            raise Refused(_("listing %(id)s belongs to another account", id=old.id))
        if old.source is not None and old.source.fingerprint == fingerprint:
            return old
        return self._changed(old, payload, fingerprint)

    def _us_cents(self, asked: Money) -> int:
        try:
            cents = self._rates.us_cents(asked)
        except ValueError as error:
            raise Invalid([FieldError("price", str(error))]) from None
        if not LOWEST_PRICE <= cents <= HIGHEST_PRICE:
            message = _(
                "comes to %(sum)s; from %(lowest)s to %(highest)s may be asked",
                sum=money(cents // 100, "USD"),
                lowest=dollars(LOWEST_PRICE),
                highest=dollars(HIGHEST_PRICE),
            )
            raise Invalid([FieldError("price", message)])
        return cents

    def _source(self, candidate_reference: str | None, fingerprint: str) -> dict[str, Any]:
        payload = {"name": self._format.name, "fingerprint": fingerprint}
        return payload | ({"reference": candidate_reference} if candidate_reference else {})

    def _new(self, candidate: Candidate, payload: dict[str, Any], fingerprint: str) -> Listing:
        now = self._trail.clock()
        approved = Moderation(state=ModerationState.APPROVED).to_wire()
        ours = {
            "id": candidate.id,
            "ownerId": self._owner.id,
            "source": self._source(candidate.draft.reference, fingerprint),
            "updatedAt": now,
        } | self._seller_kind
        defaults = {"status": Status.ACTIVE, "moderation": approved, "createdAt": now}
        listing = Listing.parse(defaults | payload | ours, now=now)
        if unreadable := title_errors(listing.title):
            raise Invalid(unreadable)
        listing = dated_offer(None, listing, now)
        if listing.price_history:
            return listing
        return listing.changed(price_history=(current_price(listing, listing.created_at),))

    def _changed(self, old: Listing, payload: dict[str, Any], fingerprint: str) -> Listing:
        """The old listing updated with the file's content. What the market has set stays."""
        now = next_version(old, self._trail.clock())
        kept = old.to_wire()
        del kept["listingId"]
        for name in ("price", "originalPrice", "rateDate", "priceOnRequest"):
            kept.pop(name, None)  # the file says one or the other
        for name in ("status", "moderation", "createdAt", "priceHistory"):
            payload.pop(name, None)
        payload["boatDetails"] = completed(kept["boatDetails"], payload["boatDetails"])
        reference = old.source.reference if old.source else None
        ours = {"source": self._source(reference, fingerprint), "updatedAt": now}
        new = Listing.parse(kept | payload | ours | self._seller_kind, now=now)
        if new.title != old.title and (unreadable := title_errors(new.title)):
            raise Invalid(unreadable)
        if self._came_otherwise(old) and says_the_same(old, new):
            return old
        return with_price_history(old, dated(old, dated_offer(old, new, now)))

    def _came_otherwise(self, old: Listing) -> bool:
        """Was it from another format or typed by hand, so that its fingerprint does not apply?"""
        return old.source is None or old.source.name != self._format.name


def _next_of(rows: Iterator[_Numbered], most: int) -> list[_Numbered]:
    return list(islice(rows, most))
