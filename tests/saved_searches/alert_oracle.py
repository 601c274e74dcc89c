"""Which emails are due: the contract of alerts in plain Python, without anything of the market.

Boats change, readers change their searches, time passes. The oracle says what each email must tell.
Times are Unix milliseconds, prices cents.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

HOUR = 3_600_000
DAY = 24 * HOUR
PERIOD = {"at-once": DAY, "daily": DAY, "weekly": 7 * DAY}

Report = tuple[str, str, int, str, int | None]
"""Reader, boat, price, kind of news, price before."""


@dataclass(frozen=True)
class Boat:
    """`state` is what the public sees of it: offered, withdrawn, hidden, sold or gone."""

    title: str
    owner: str
    kind: str
    price: int
    listed: int
    state: str = "offered"
    before: int | None = None
    """What it cost before its price last changed."""
    asked_since: int = 0

    def repriced(self, price: int, now: int) -> Boat:
        return replace(self, price=price, before=self.price, asked_since=now)


@dataclass
class Search:
    """A reader's search, and what its emails have said: `told` by boat."""

    reader: str
    saved: int
    frequency: str
    most: int
    kind: str | None = None
    told: dict[str, int] = field(default_factory=dict)
    noted: dict[str, int | None] = field(default_factory=dict)
    """By boat: its price before it fell, if that alone is the news."""
    due: int | None = None
    last: int | None = None
    looks_back: bool = False
    can_be_emailed: bool = True

    def finds(self, boat: Boat) -> bool:
        return boat.price <= self.most and self.kind in (None, boat.kind)

    def news_of(self, boat: Boat, was: int | None) -> tuple[str, int | None] | None:
        """Is there something to say of the boat that was not said before? Its kind, and the price before."""
        if boat.title in self.told:
            told = self.told[boat.title]
            return ("lowered", told) if boat.price < told else None
        if boat.listed >= self.saved:
            return "new", None
        if was is None:
            return "here", None
        return ("lowered", was) if boat.price < was else None

    def await_email(self, now: int) -> None:
        """An hour from now, but no sooner after the last email than its reader wants."""
        soonest = max(now + HOUR, 0 if self.last is None else self.last + PERIOD[self.frequency])
        self.due = soonest if self.due is None else min(self.due, soonest)


class Oracle:
    def __init__(self) -> None:
        self.boats: dict[str, Boat] = {}
        self.searches: dict[str, Search] = {}
        self.absent: set[str] = set()
        """Sellers whose accounts are suspended."""
        self.muted = 0
        self.worker_runs = True
        self._unseen: list[tuple[Boat | None, Boat] | str] = []
        """What the worker has yet to see: boats before and after, and sellers who are back."""

    # -- What happens ------------------------------------------------------------------------------

    def boat_is(self, boat: Boat, now: int) -> list[Report]:
        """A boat is listed, changed or deleted; what is said at once."""
        change = (self.boats.get(boat.title), boat)
        self.boats[boat.title] = boat
        self._unseen.append(change)
        return self._see(now) if self.worker_runs else []

    def seller_is(self, seller: str, now: int, *, is_present: bool) -> list[Report]:
        """A seller's account is suspended, or reinstated."""
        if not is_present:
            self.absent.add(seller)
            return []
        self.absent.discard(seller)
        self._unseen.append(seller)
        return self._see(now) if self.worker_runs else []

    def worker_stops(self) -> None:
        self.worker_runs = False

    def worker_starts(self, now: int, *, knows_its_place: bool) -> list[Report]:
        self.worker_runs = True
        if not knows_its_place:
            self._unseen.clear()
            for search in self.searches.values():
                if search.frequency != "never":
                    search.looks_back = True
                    search.await_email(now)
        return self._see(now)

    def restored(self, now: int) -> None:
        """What lost emails may have said is not said again."""
        self.muted = now
        for search in self.searches.values():
            search.noted.clear()
            search.due = None

    def search_is(
        self, reader: str, now: int, *, frequency: str, most: int, kind: str | None
    ) -> None:
        search = self.searches[reader]
        others = (most, kind) != (search.most, search.kind)
        before, search.frequency = search.frequency, frequency
        search.most, search.kind = most, kind
        search.looks_back |= others or before == "never" != frequency
        if frequency == "never":
            search.due = None
        elif search.due is not None and frequency != before:
            search.due = None
            search.await_email(now)
            search.due = now if frequency == "at-once" else search.due
        elif search.looks_back:
            search.await_email(now)

    # -- What is said ------------------------------------------------------------------------------

    def _see(self, now: int) -> list[Report]:
        reports = []
        for seen in self._unseen:
            boats = [*self.boats.values()]
            for search in self.searches.values():
                if isinstance(seen, str):
                    for boat in (one for one in boats if one.owner == seen not in self.absent):
                        reports += self._hear_again(search, boat, now)
                else:
                    reports += self._hear(search, *seen, now)
        self._unseen.clear()
        return reports

    def _hear_again(self, search: Search, boat: Boat, now: int) -> list[Report]:
        """A seller is back: of their boats, those are news that could not be told meanwhile."""
        is_there = boat.state == "offered" and search.finds(boat)
        return self._meet(search, boat, boat.price, now) if is_there else []

    def _hear(self, search: Search, old: Boat | None, new: Boat, now: int) -> list[Report]:
        """A reader's search meets a change: of a boat that now comes to match, or is cheaper."""
        boat = self.boats[new.title]
        is_there = boat.state == new.state == "offered" and search.finds(boat)
        if not is_there:
            return []
        was = None
        if old is not None and old.state == "offered" and search.finds(old):
            if new.price >= old.price:
                return []
            was = old.price
        return self._meet(search, boat, was, now)

    def _meet(self, search: Search, boat: Boat, was: int | None, now: int) -> list[Report]:
        """Say or note a boat that the search finds, if there is news of it."""
        if search.frequency == "never":
            return []
        if boat.title in search.noted:
            known = search.noted[boat.title]
            was = None if was is None or known is None else max(was, known)
        news = search.news_of(boat, was)
        if news is None:
            return []
        if (
            search.frequency == "at-once"
            and search.can_be_emailed
            and boat.owner not in self.absent
        ):
            return [self._say(search, boat, news, now)]
        search.noted[boat.title] = was
        search.await_email(now)
        return []

    def _say(self, search: Search, boat: Boat, news: tuple[str, int | None], now: int) -> Report:
        search.told[boat.title] = boat.price
        search.noted.pop(boat.title, None)
        search.last = now
        return (search.reader, boat.title, boat.price, *news)

    def emails_go_out(self, now: int) -> list[Report]:
        """What the emails say that are due by now."""
        if not self.worker_runs:
            return []
        reports = []
        for search in self.searches.values():
            if search.due is not None and search.due <= now:
                reports += self._write(search, now)
        return reports

    def _write(self, search: Search, now: int) -> list[Report]:
        later = now + PERIOD[search.frequency]
        if not search.can_be_emailed:
            search.due = later
            return []
        if search.looks_back:
            self._look_back(search)
        reports = []
        for title, was in [*search.noted.items()]:
            boat = self.boats[title]
            news = None if boat.state in ("sold", "gone") else search.news_of(boat, was)
            if news is None:
                del search.noted[title]
            elif boat.state == "offered" and boat.owner not in self.absent and search.finds(boat):
                reports.append(self._say(search, boat, news, now))
        search.due = later if search.noted else None
        return reports

    def _look_back(self, search: Search) -> None:
        """What was listed, or lowered, since the search was saved, and nobody noted."""
        search.looks_back = False
        since = max(search.saved, self.muted + 1)
        for boat in self.boats.values():
            if boat.title in search.noted or boat.state != "offered" or not search.finds(boat):
                continue
            if boat.title in search.told:
                if boat.price < search.told[boat.title] and boat.asked_since >= since:
                    search.noted[boat.title] = None
            elif boat.owner in self.absent:
                continue
            elif boat.listed >= since:
                search.noted[boat.title] = None
            elif boat.before is not None and boat.price < boat.before and boat.asked_since >= since:
                search.noted[boat.title] = boat.before
