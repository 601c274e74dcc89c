"""What the state machines of stories share: a small market, its worker, and how long they run."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Awaitable
from pathlib import Path
from typing import TypeVar

from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from marinemarket.config.settings import Settings
from tests.builders import ManualClock

from .market import RELAY, SITE, StoryMarket
from .people import Declined

T = TypeVar("T")

EXAMPLES = int(os.environ.get("EXAMPLES", "10"))
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


class StoryMachine(RuleBasedStateMachine):
    """A market of its own for each example, under default settings in its folder, so that the site need
    not be built anew. The worker may be down for a while.
    """

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._runner = asyncio.Runner()
        data = Path(self._folder.name) / "data"
        chosen = Settings(
            data=data, public_url=SITE, relay_domain=RELAY, review="flagged", backup_hours=24 * 90,
            limit_auth="off", limit_search="off", limit_writes="off",
        )  # fmt: skip
        self.market = StoryMarket(chosen, ManualClock())
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

    async def _hold_open(self) -> None:
        """The parts of a market must be closed by the task that opened them."""
        await self.market.start()
        self._opened.set()
        await self._over.wait()
        await self.market.stop()

    @initialize()
    def begin(self) -> None:
        async def begun() -> None:
            self._opened, self._over = asyncio.Event(), asyncio.Event()
            self._running = asyncio.create_task(self._hold_open())
            await self._opened.wait()
            await self.people_come()

        self.run(begun())

    async def people_come(self) -> None:
        """Whoever takes part, and what is there before anything happens."""
        raise NotImplementedError

    @precondition(lambda self: self.is_working)
    @rule()
    def the_worker_stops(self) -> None:
        self.run(self.market.stop_worker())
        self.is_working = False

    @precondition(lambda self: not self.is_working)
    @rule()
    def the_worker_starts_again(self) -> None:
        self.run(self.market.start_worker())
        self.is_working = True

    def teardown(self) -> None:
        self._over.set()
        self.run(self._running)
        self._runner.close()
        self._folder.cleanup()
