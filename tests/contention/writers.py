"""Writers who all want to change the same listing, the same account and the same thread.

Each change that a writer asks for gets one answer, and each answer is a line of the log.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from io import FileIO
from pathlib import Path

from marinemarket.accounts.accounts import Client
from marinemarket.accounts.profile import edit_profile
from marinemarket.accounts.records import add_user, find_user
from marinemarket.accounts.sessions import SignedIn
from marinemarket.accounts.user import User
from marinemarket.audit.entry import Actor
from marinemarket.composition import Market
from marinemarket.errors import MarketError, Outdated, Refused, Unavailable
from marinemarket.listings.lifecycle.editing import edit_listing
from marinemarket.listings.records import add_listing, find_listing
from marinemarket.messages.inquiries import ask
from marinemarket.messages.inquiry import Side
from marinemarket.messages.replies import Words, close_thread, own_thread, write_message
from tests.builders import NOW, a_listing, a_session, a_user
from tests.conftest import TESTS

CLIENT = Client("192.0.2.7", "a drill", "d" * 64)


def standing_clock() -> int:
    """A time that stands still: each version is then the one before it and one more, and nothing else."""
    return NOW


class Prize(StrEnum):
    """What is fought over."""

    LISTING = "listing"
    VERSION = "version"
    """The listing again, by those who say which version they have seen."""
    USER = "user"
    THREAD = "thread"


@dataclass(frozen=True, slots=True)
class Fight:
    """Who fights, and over what. The seller's writers change their boat and account, and answer."""

    seller_id: str
    buyer_id: str
    listing_id: str
    thread_id: str
    writers: int
    turns: int


async def prepared(market: Market, *, writers: int, turns: int) -> Fight:
    """A seller, their boat, and the thread that a buyer has begun about her."""
    seller, buyer = a_user(name="seller"), a_user(name="buyer")
    for user in (seller, buyer):
        await add_user(market.trail, TESTS, user)
    listing = a_listing(ownerId=seller.id)
    await add_listing(market.trail, TESTS, listing)
    question = {"message": "Is she still for sale?"}
    asked = await ask(market.messaging(), _acting(buyer), buyer, listing, question)
    return Fight(seller.id, buyer.id, listing.id, asked.thread.id, writers, turns)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a writer was told. `won`: the change was made; else `error` names why it was not.

    `mark` is what the change wrote that no other writes; `version` which one it was made of, for those
    that named one.
    """

    prize: Prize
    writer: int
    turn: int
    won: bool
    mark: str
    error: str = ""
    version: int | None = None


def answers_in(log: Path) -> list[Answer]:
    """The answers that a log holds."""
    lines = map(json.loads, log.read_text().splitlines())
    return [Answer(**{**line, "prize": Prize(line["prize"])}) for line in lines]


async def fight(market: Market, fight: Fight, numbers: Iterable[int], log: Path) -> None:
    """Let the writers with these numbers change what they can, all at once. Each answer is a line."""
    seller = await _known(market, fight.seller_id)
    buyer = await _known(market, fight.buyer_id)
    # Past every buffer: the log is read while other processes write theirs.
    with log.open("ab", buffering=0) as told:
        writers = [_Writer(market, fight, number, seller, buyer, told) for number in numbers]
        await asyncio.gather(*(writer.write() for writer in writers))


def _acting(user: User) -> Actor:
    return CLIENT.acting_as(user.id, user.email, "a session")


async def _known(market: Market, id: str) -> User:
    user = await find_user(market.store, id)
    assert user is not None
    return user


@dataclass(frozen=True, slots=True)
class _Writer:
    market: Market
    fight: Fight
    number: int
    seller: User
    buyer: User
    told: FileIO

    async def write(self) -> None:
        changes: dict[Prize, Callable[[int], Awaitable[int | None]]] = {
            Prize.LISTING: self._reprice,
            Prize.VERSION: self._retitle,
            Prize.USER: self._rename,
            Prize.THREAD: self._answer,
        }
        prizes = [*changes]
        for turn in range(self.fight.turns):
            # Not all at the same one first: each is fought over all the time.
            for place in range(len(prizes)):
                prize = prizes[(self.number + place) % len(prizes)]
                await self._try(prize, turn, changes[prize])

    async def _try(
        self, prize: Prize, turn: int, change: Callable[[int], Awaitable[int | None]]
    ) -> None:
        version, error = None, ""
        try:
            version = await change(turn)
        except (Refused, Outdated, Unavailable) as refusal:
            error = type(refusal).__name__
        except MarketError as refusal:
            error = f"{type(refusal).__name__}: {refusal}"  # which is no answer to a race
        answer = Answer(prize, self.number, turn, not error, self._mark(turn), error, version)
        self.told.write(json.dumps(asdict(answer)).encode() + b"\n")

    def _mark(self, turn: int) -> str:
        return f"{self.number} in turn {turn}"

    async def _reprice(self, turn: int) -> None:
        price = price_of(self.number, turn)
        actor, id = _acting(self.seller), self.fight.listing_id
        await edit_listing(self.market.trail, actor, id, {"price": price}, None)

    async def _retitle(self, turn: int) -> int:
        listing = await find_listing(self.market.store, self.fight.listing_id)
        assert listing is not None
        changes = {"title": f"A boat by {self._mark(turn)}"}
        version = listing.updated_at
        await edit_listing(self.market.trail, _acting(self.seller), listing.id, changes, [version])
        return version

    async def _rename(self, turn: int) -> None:
        somebody = SignedIn(self.seller, a_session(user=self.seller.id))
        changes = {"name": f"Seller {self._mark(turn)}"}
        await edit_profile(self.market.accounts, somebody, CLIENT, changes)

    async def _answer(self, turn: int) -> None:
        """Both sides write, and at the end one writer closes the thread."""
        user = self.seller if self.number % 2 else self.buyer
        messaging, actor = self.market.messaging(), _acting(user)
        thread, side = await own_thread(self.market.store, user, self.fight.thread_id)
        if self.number == 0 and turn == self.fight.turns - 1:
            await close_thread(messaging, actor, thread, side)
            return
        assert side is (Side.SELLER if self.number % 2 else Side.BUYER)
        words = Words(f"What I write is {self._mark(turn)}.")
        await write_message(messaging, actor, thread, side, words)


def price_of(number: int, turn: int) -> int:
    """A price in cents that one writer asks in one turn, and no other ever."""
    return 1_000_000 + 100 * (turn * 1000 + number)
