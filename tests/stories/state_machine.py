"""What the state machines of stories share: a small market, its worker, and how long they run."""

from __future__ import annotations

import asyncio
import copy
import os
import shutil
import tempfile
from collections.abc import Awaitable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import httpx
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from marinemarket.config.settings import Settings
from tests.builders import ManualClock

from .market import RELAY, SITE, StoryMarket
from .people import Declined

T = TypeVar("T")

EXAMPLES = int(os.environ.get("EXAMPLES", "40"))
"""How many ways through a machine are tried. With EXAMPLES=500 they are others each time."""

IN_ANY_ORDER = settings(
    settings.get_profile("market"),
    max_examples=EXAMPLES,
    stateful_step_count=20,
    derandomize="EXAMPLES" not in os.environ,
    database=None,
    # To explain a failure would take as long again as to find it.
    phases=[Phase.generate] if os.environ.get("NOSHRINK") else [Phase.generate, Phase.shrink],
)


@dataclass(frozen=True)
class _Beginning:
    """A market as it stands when everybody has come: its closed folder, and who and what is there."""

    folder: tempfile.TemporaryDirectory[str]
    market: StoryMarket
    there: dict[str, Any]


class StoryMachine(RuleBasedStateMachine):
    """A market of its own for each example, under default settings in its folder, so that the site need
    not be built anew. The worker may be down for a while.

    People come once; each example begins with a copy of the market in which they have come.
    """

    _beginning: ClassVar[_Beginning | None] = None

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._runner = asyncio.Runner()
        self._steps = count()
        self.market = _market_in(self._folder)
        self.is_working = True

    def run(self, awaitable: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await awaitable

        return self._runner.run(awaited())

    def refusal_of(self, awaitable: Awaitable[object]) -> int:
        """The status by which something is declined; 0 if it is done."""
        try:
            self.run(awaitable)
        except Declined as no:
            return no.status
        return 0

    # -- How an example begins and ends ------------------------------------------------------------

    @initialize()
    def begin(self) -> None:
        self.run(self._begin())

    async def _begin(self) -> None:
        kind = type(self)
        if kind._beginning is None:
            kind._beginning = await self._first_beginning()
        begun, market = kind._beginning, self.market
        shutil.copytree(begun.market.settings.data, market.settings.data)
        market.clock.now = begun.market.clock.now
        market.chance = count(1_000)
        known: dict[int, Any] = {
            id(begun.market): market,
            id(begun.market.mail): market.mail,
            **{id(old): _again(old, market) for old in begun.market.clients},
        }
        self.__dict__ |= copy.deepcopy(begun.there, known)
        await self._open(market)

    async def _first_beginning(self) -> _Beginning:
        own, folder = self.market, tempfile.TemporaryDirectory()
        self.market, before = _market_in(folder), {*vars(self)}
        await self._open(self.market)
        await self.people_come()
        await self._close()
        there = {name: value for name, value in vars(self).items() if name not in before}
        there = {name: value for name, value in there.items() if not name.startswith("_")}
        begun, self.market = _Beginning(folder, self.market, there), own
        return begun

    async def people_come(self) -> None:
        """Whoever takes part, and what is there before anything happens."""
        raise NotImplementedError

    async def _open(self, market: StoryMarket) -> None:
        self._opened, self._over = asyncio.Event(), asyncio.Event()
        self._running = asyncio.create_task(self._hold_open(market))
        await self._opened.wait()

    async def _hold_open(self, market: StoryMarket) -> None:
        """The parts of a market must be closed by the task that opened them."""
        try:
            await market.start()
        finally:
            self._opened.set()
        await self._over.wait()
        await market.stop()

    async def _close(self) -> None:
        self._over.set()
        await self._running

    def teardown(self) -> None:
        if hasattr(self, "_running"):
            self.run(self._close())
        self._runner.close()
        self._folder.cleanup()

    # -- The worker --------------------------------------------------------------------------------

    @precondition(lambda self: self.is_working)
    @rule()
    def the_worker_stops(self) -> None:
        self.run(self.market.stop_worker())
        self.is_working = False

    @precondition(lambda self: not self.is_working)
    @rule(replays=st.booleans())
    def the_worker_starts_again(self, replays: bool) -> None:
        """It may follow once more what it has followed already, from where the example began."""
        assert self._beginning is not None
        if replays:
            for file in self._beginning.market.settings.data.glob("*.position"):
                shutil.copy(file, self.market.settings.data)
        self.run(self.market.start_worker())
        self.is_working = True

    def is_turn_of(self, number: int, among: int) -> bool:
        """Is it time for one of several checks that take turns from step to step?"""
        return self._step % among == number

    def next_step(self) -> None:
        self._step = next(self._steps)


def _market_in(folder: tempfile.TemporaryDirectory[str]) -> StoryMarket:
    chosen = Settings(
        data=Path(folder.name) / "data", public_url=SITE, relay_domain=RELAY, review="flagged",
        backup_hours=24 * 90, limit_auth="off", limit_search="off", limit_writes="off",
        limit_inquiries="off", limit_reports="off", limit_media="off",
    )  # fmt: skip
    return StoryMarket(chosen, ManualClock(), checks_answers=False)


def _again(old: httpx.AsyncClient, market: StoryMarket) -> httpx.AsyncClient:
    """The same browser, with its cookies, in another market."""
    new = market.client(old.headers["User-Agent"])
    new.headers["User-Agent"] = old.headers["User-Agent"]
    new.cookies = httpx.Cookies(old.cookies)
    return new
