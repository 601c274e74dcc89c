"""Importing files of adverts as listings; repeating an import does no harm.

A row's identity determines its listing's id, so the same row updates the same listing whenever it
comes again: an interrupted import is simply run again, and one that changes nothing writes nothing.
The identity is the source's own reference if there is one; otherwise maker, model, year, length,
place, and the row's number among identical rows. Identical rows are separate adverts.

Every row ends as exactly one of created, updated, unchanged or rejected.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from ...accounts.user import User
from ...audit.entry import Actor
from ...audit.trail import Trail
from ...errors import FieldError, Invalid, MarketError, Refused, TooLarge
from ...i18n.numbers import dollars, money
from ...i18n.texts import gettext as _
from ...store.writes import Write
from ...text import fold
from ...wire import HIGHEST_PRICE, LOWEST_PRICE, encode
from ..listing import Listing, Moderation, ModerationState, Money, Status
from ..photo import is_own_picture
from ..price_history import current_price, with_price_history
from ..pricing import Rates
from ..reconfirmation import dated_offer
from ..records import add_listing, find_listing, is_active, next_version, replace_listing
from ..seller_kind import kind_of
from ..titles import title_errors
from ..video import video_id
from .formats.parsed_row import Format, ParsedRow
from .rejects import RejectsFile, RejectsTable
from .source_file import RawRow, SourceFile

_NAMESPACE = UUID("6a3f1c52-3a86-4d55-9a53-0d7b5a1f9a11")
_AT_ONCE = 200
_MOST_ATTEMPTS = 100
"""Rows of one owner are written concurrently, and an engine may make them wait for each other."""

ACTOR = Actor.system("import")


@dataclass(slots=True)
class ImportReport:
    """The results of the rows. `left_out` counts absurd figures, which listings then lack.

    `media_elsewhere` counts addresses of pictures and videos on other hosts, which are never shown.
    """

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    media_elsewhere: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def accepted(self) -> int:
        return self.created + self.updated + self.unchanged


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that was read, what it says of a boat, and the id of her listing.

    `number` is the row's place in its file, from 0.
    """

    row: RawRow
    draft: ParsedRow
    id: str
    number: int


class Importer:
    """One import of one file: the market, the owner, the format and the rates."""

    def __init__(
        self, trail: Trail, *, owner: User, format: Format, rates: Rates, actor: Actor = ACTOR
    ) -> None:
        self._actor = actor
        self._trail, self._owner, self._format, self._rates = trail, owner, format, rates
        kind = kind_of(owner)
        self._seller_kind = {"sellerKind": kind.value} if kind else {}
        self._equals: Counter[str] = Counter()
        self._lines: dict[str, int] = {}
        self._drafts = 0
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
                rows = iter(source)
                # Hostile or huge cells take time; a thread keeps the event loop free.
                while batch := await asyncio.to_thread(self._read, rows):
                    await self._batch(batch, refused)
                    progress(source.read, source.size)
        finally:
            source.close()
        return self.report

    def tried(
        self, source: SourceFile, most: int
    ) -> Iterator[tuple[RawRow, Listing | MarketError]]:
        """What at most so many rows of a file would become as new listings; nothing is written."""
        for row, candidate in self._read(iter(source), most):
            if isinstance(candidate, MarketError):
                yield row, candidate
                continue
            try:
                yield row, self._listing(candidate, None)
            except Invalid as error:
                yield row, Invalid([self._by_column(wrong) for wrong in error.errors])

    async def run_slice(
        self, source: SourceFile, first: int, most: int, refused: RejectsTable
    ) -> None:
        """Import at most so many rows of a file that was just opened, from row `first` on.

        The rows before are only read: whether a row is the second of two is decided by all of them.
        """
        rows = iter(source)
        await asyncio.to_thread(self._pass_over, rows, first)
        await self._batch(await asyncio.to_thread(self._read, rows, most), refused)

    def _pass_over(self, rows: Iterator[RawRow], number: int) -> None:
        for _row in self._drafted(islice(rows, number)):
            pass

    def _read(
        self, rows: Iterator[RawRow], most: int | None = None
    ) -> list[tuple[RawRow, Candidate | MarketError]]:
        batch = list(islice(rows, _AT_ONCE if most is None else most))
        return list(zip(batch, self._drafted(batch), strict=True))

    async def _batch(
        self, rows: list[tuple[RawRow, Candidate | MarketError]], refused: RejectsTable
    ) -> None:
        outcomes = await asyncio.gather(*(self._row(candidate) for _row, candidate in rows))
        for (row, _candidate), outcome in zip(rows, outcomes, strict=True):
            self.report.rows += 1
            if isinstance(outcome, MarketError):
                self.report.rejected += 1
                refused.add(row, outcome)
            else:
                setattr(self.report, outcome, getattr(self.report, outcome) + 1)

    def _drafted(self, rows: Iterable[RawRow]) -> Iterator[Candidate | MarketError]:
        """Each row's draft and identity, in the file's order, by which identical rows are numbered."""
        for row in rows:
            number, self._drafts = self._drafts, self._drafts + 1
            try:
                yield self._candidate(row, number)
            except MarketError as error:
                yield error

    def _candidate(self, row: RawRow, number: int) -> Candidate:
        if row.cells is None:
            raise Invalid([FieldError(_("row %(number)s", number=row.number), row.fault or "")])
        draft = self._format.draft_of(row.cells)
        self._format.adapt(draft, row.source)
        given = draft.payload.get("images", ())
        elsewhere = _take_media_elsewhere(draft.payload)
        draft = self._allowed(draft)
        draft.elsewhere = elsewhere
        draft.pictures = [address for address in dict.fromkeys(given) if address in elsewhere]
        candidate = Candidate(row, draft, draft.id or self._identity(draft), number)
        if earlier := self._lines.get(candidate.id):
            # With two rows for one advert, each run would replace one with the other.
            message = _("is that of row %(earlier)s, too", earlier=earlier)
            name = "id" if draft.id else "reference"
            raise Invalid([self._by_column(FieldError(name, message))])
        self._lines[candidate.id] = row.number
        return candidate

    def _allowed(self, draft: ParsedRow) -> ParsedRow:
        """The parts of a draft that the owner may set. An operator may set everything."""
        return draft

    def _identity(self, draft: ParsedRow) -> str:
        if draft.reference:
            key = f"reference:{draft.reference}"
        else:
            boat, place = draft.payload.get("boatDetails", {}), draft.payload.get("location", {})
            facts = (
                *(boat.get(name) for name in ("manufacturer", "model", "year", "length")),
                *(place.get(name) for name in ("country", "state", "region", "city")),
            )
            key = "|".join(map(_spelt, facts))
            self._equals[key] += 1
            key = f"{key}|{self._equals[key]}"
        return str(uuid5(_NAMESPACE, f"{self._owner.id}|{self._format.name}|{key}"))

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
        if candidate.draft.pictures:
            self.pictures[candidate.id] = candidate.draft.pictures
            self.picture_rows[candidate.id] = candidate
        for figure in candidate.draft.left_out:
            self.report.left_out[figure.split()[0]] += 1
        return outcome

    def _by_column(self, wrong: FieldError) -> FieldError:
        """An error of a field as one of the column that holds it."""
        return FieldError(self._format.named.get(wrong.field, wrong.field), wrong.message)

    async def _settle(self, candidate: Candidate) -> str:
        old = await find_listing(self._trail.store, candidate.id)
        new = self._listing(candidate, old)
        if new == old:
            return "unchanged"
        beside = self._beside(candidate, old, new)
        if old is None:
            await add_listing(self._trail, self._actor, new, *beside)
            return "created"
        await replace_listing(self._trail, self._actor, old, new, is_active(new.owner_id), *beside)
        return "updated"

    def _beside(self, candidate: Candidate, old: Listing | None, new: Listing) -> tuple[Write, ...]:
        """Further writes of the commit that makes `old` the listing `new`."""
        return ()

    def _listing(self, candidate: Candidate, old: Listing | None) -> Listing:
        payload, asked = dict(candidate.draft.payload), candidate.draft.asked
        if payload.get("priceOnRequest"):
            for name in ("price", "originalPrice", "rateDate"):
                payload.pop(name, None)
        elif asked is not None:
            payload["price"] = self._us_cents(asked)
            if asked.currency != "USD":
                payload["originalPrice"] = asked.to_wire()
                payload["rateDate"] = self._rates.date.isoformat()
        fingerprint = sha256(encode(payload)).hexdigest()[:32]
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
        payload["boatDetails"] = _completed(kept["boatDetails"], payload["boatDetails"])
        reference = old.source.reference if old.source else None
        ours = {"source": self._source(reference, fingerprint), "updatedAt": now}
        new = Listing.parse(kept | payload | ours | self._seller_kind, now=now)
        if new.title != old.title and (unreadable := title_errors(new.title)):
            raise Invalid(unreadable)
        if self._came_otherwise(old) and _says_the_same(old, new):
            return old
        return with_price_history(old, _dated(old, dated_offer(old, new, now)))

    def _came_otherwise(self, old: Listing) -> bool:
        """Was it from another format or typed by hand, so that its fingerprint does not apply?"""
        return old.source is None or old.source.name != self._format.name


def _take_media_elsewhere(payload: dict[str, Any]) -> list[str]:
    """Remove the addresses of pictures and videos that are not on this site; returns them."""
    elsewhere = []
    rules = {"images": is_own_picture, "thumbnails": is_own_picture, "videos": video_id}
    for name, is_own in rules.items():
        given = payload.get(name, ())
        found = [address for address in given if isinstance(address, str) and not is_own(address)]
        if found:
            payload[name] = [address for address in payload[name] if address not in found]
            elsewhere += found if name != "thumbnails" else []
    return elsewhere


def _dated(old: Listing, new: Listing) -> Listing:
    """`new` with the time since which it says what it does: new rates alone change nothing in it."""
    same_sum = {"price": old.price, "rate_date": old.rate_date}
    only_rates = new.asked == old.asked and _says_the_same(old, new.changed(**same_sum))
    source = new.source and new.source.changed(
        changed_at=old.reworded_at if only_rates else new.updated_at
    )
    return new.changed(source=source)


def _says_the_same(old: Listing, new: Listing) -> bool:
    return new.changed(source=old.source, updated_at=old.updated_at) == old


def _completed(kept: dict[str, Any], payload: dict[str, Any]) -> dict[str, Any]:
    """What the file says of the boat, plus what the seller has added in the market."""
    of_the_old_name = {f"{name}AsListed" for name in ("type", "manufacturer") if name in payload}
    return {name: value for name, value in kept.items() if name not in of_the_old_name} | payload


def _spelt(fact: Any) -> str:
    """A fact as part of an identity: 40 and 40.0 are one length, Málaga and MALAGA one place."""
    if isinstance(fact, Decimal):
        return f"{fact.normalize():f}"
    return "" if fact is None else fold(str(fact))
