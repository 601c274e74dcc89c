"""A market in which stories happen: the real site and the real worker, under a clock that we move."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from typing import Any

import httpx
import pytest

from marinemarket.accounts.staff import add_staff
from marinemarket.accounts.user import UserRole
from marinemarket.archive.archive import Archive
from marinemarket.archive.erasures import read_erasures
from marinemarket.archive.file_format import Seal
from marinemarket.archive.ownership import owner_of
from marinemarket.archive.post_restore import run
from marinemarket.archive.restore import restore
from marinemarket.archive.storage import storage_at
from marinemarket.audit.entry import Actor
from marinemarket.audit.trail import Trail
from marinemarket.clock import DAY, HOUR, MINUTE
from marinemarket.composition import PERSONAL_DATA, Market, in_newest_shape, open_market
from marinemarket.config.secret_key import key_file
from marinemarket.config.settings import Settings
from marinemarket.messages.relay import Mail, Outcome, relay
from marinemarket.store.market_identity import identify_restored
from marinemarket.stores import loading_into
from tests.builders import ManualClock
from tests.openapi.conformance import check_answer
from tests.web.conftest import site_of

from .engines import SQLITE, StoryEngine
from .mailbox import MailFolder
from .members import Member
from .moderators import Moderator
from .people import Visitor
from .worker import Killed, Worker, kill_after

SITE = "https://boats.example"
RELAY = "reply.boats.example"


class StoryMarket:
    """The market, its people and its time. Whatever somebody does takes a minute."""

    def __init__(
        self,
        settings: Settings,
        clock: ManualClock,
        engine: StoryEngine = SQLITE,
        *,
        checks_answers: bool = True,
    ) -> None:
        """`checks_answers` holds every answer of the API to its document."""
        self.settings, self.clock, self.engine = settings, clock, engine
        self.checks_answers = checks_answers
        self.clients: list[httpx.AsyncClient] = []
        self.mail = MailFolder(settings.emails_folder)
        self.chance = count(1)
        self._addresses = count(1)
        self._site = AsyncExitStack()
        self._working = AsyncExitStack()
        self._worker: Worker | None = None
        self._transport: httpx.AsyncBaseTransport | None = None
        self.app: Any = None

    # -- Machines ----------------------------------------------------------------------------------

    async def start(self) -> None:
        """The site and the worker start, as after a deployment."""
        await self.start_worker()
        self.app = self._site.enter_context(site_of(self.settings, self.clock))
        await self._site.enter_async_context(self.app.lifespan())

    async def stop(self) -> None:
        await self.stop_worker()
        await self._site.aclose()

    async def start_worker(self) -> None:
        market = await self._working.enter_async_context(
            open_market(self.settings, clock=self.clock)
        )
        self._worker = Worker(market, self.engine)
        await self.works()

    async def stop_worker(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None
        await self._working.aclose()

    @property
    def inside(self) -> Market:
        """The market behind the site, for what only its operators do and see."""
        inside: Market = self.app.state.market
        return inside

    @asynccontextmanager
    async def without_worker(self) -> AsyncIterator[None]:
        """The worker is down; afterwards another one starts."""
        await self.stop_worker()
        yield
        await self.start_worker()

    async def worker_is_killed_after(self, commits: int) -> None:
        """A worker starts, is killed after so many commits, and leaves everything as it stood."""
        await self.stop_worker()
        with pytest.MonkeyPatch.context() as patch:
            kill_after(patch, commits)
            with pytest.raises(Killed):
                await self.start_worker()
        await self.stop_worker()

    @asynccontextmanager
    async def closed(self) -> AsyncIterator[Settings]:
        """Nothing of the market runs: for what its operators do to its files. Then it starts again."""
        await self.stop()
        yield self.settings
        await self.start()

    async def changes_settings(self, **changed: Any) -> None:
        """The operators set something anew, and restart the market."""
        async with self.closed():
            self.settings = self.settings.model_copy(update=changed)

    async def moves_to_another_host(self) -> None:
        """A new machine gets the store, but none of the files that only the old one kept: the
        followers' positions, the index, the counters.
        """
        async with self.closed() as settings:
            for file in (*settings.data.glob("*.position"), settings.trusted_time_place):
                file.unlink(missing_ok=True)
            shutil.rmtree(settings.search_folder, ignore_errors=True)

    async def is_restored(self, moment: int) -> None:
        """The data folder is lost. The operators restore the market as it stood at a moment, with the
        secret key that they kept elsewhere, and it goes on.
        """
        if self.settings.store != "sqlite":
            pytest.skip("tests/archive restores into tables")
        async with self.closed() as old:
            new = old.model_copy(update={"data": old.data.with_name(f"{old.data.name}-restored")})
            archive = Archive(storage_at(old.backup_place), Seal())
            async with loading_into(str(new.data), new, clock=self.clock) as target:
                restored = await restore(archive, target, moment=moment)
                erasures = await read_erasures(archive.place)
                later = [erasure for erasure in erasures if erasure.at > restored.moment]
                async with target.opened() as engine:
                    store = in_newest_shape(engine)
                    days = new.audit_retention_days
                    trail = Trail(store, retention_days=days, clock=self.clock)
                    await run(trail, PERSONAL_DATA, later, lambda step, count: None)
                    await identify_restored(engine, await owner_of(archive.place), False)
                await target.finish()
            shutil.copy(key_file(old.data), key_file(new.data))
            shutil.rmtree(old.data)
            self.settings = new

    def client(self, name: str) -> httpx.AsyncClient:
        """Somebody's browser, at an address of its own."""
        number = next(self._addresses)
        transport = httpx.ASGITransport(
            _Through(self),
            raise_app_exceptions=False,
            client=(f"203.0.{113 + number // 250}.{number % 250 + 1}", 4711),
        )
        client = httpx.AsyncClient(
            transport=transport,
            base_url=SITE,
            headers={"User-Agent": f"Mozilla/5.0 ({name})"},
            event_hooks={"response": [check_answer] if self.checks_answers else []},
        )
        self.clients.append(client)
        return client

    # -- Time --------------------------------------------------------------------------------------

    async def works(self) -> None:
        """The worker does what is due."""
        if self._worker is not None:
            await self._worker.work()

    async def a_moment(self) -> None:
        """What somebody has done took a minute, in which the worker went on."""
        self.clock.now += MINUTE
        await self.works()

    async def passes(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> None:
        """Time goes by, in which the worker does each day what is due: each hour, if it is less than two
        days, and every ten minutes, if it is less than two hours.
        """
        left = round(days * DAY + hours * HOUR + minutes * MINUTE)
        step = DAY if left >= 2 * DAY else HOUR if left >= 2 * HOUR else 10 * MINUTE
        while left > 0:
            self.clock.now += min(step, left)
            left -= step
            await self.works()

    # -- People ------------------------------------------------------------------------------------

    def visitor(self, name: str, *, email: str | None = None) -> Visitor:
        """Somebody without an account, or before they have one."""
        return Visitor(self, name, email or f"{name.split()[0].lower()}@mail.example")

    async def member(self, name: str, *, email: str | None = None) -> Member:
        """Somebody who registers, confirms their address and signs in."""
        return await self.visitor(name, email=email).registers()

    async def moderator(self, name: str = "Mo") -> Moderator:
        return await self.staff(name, UserRole.MODERATOR)

    async def admin(self, name: str = "Ada") -> Moderator:
        return await self.staff(name, UserRole.ADMIN)

    async def staff(self, name: str, role: UserRole) -> Moderator:
        """Somebody whom the operators invite by command, and who sets up a second factor."""
        visitor = self.visitor(name)
        by = Actor.system("staff create")
        _, link = await add_staff(self.inside.accounts, by, visitor.email, name, role)
        return await visitor.accepts_invitation(link)

    async def mail_arrives(self, raw: bytes, *, sender: str, to: str) -> Outcome:
        """The mail server in front hands over an email to an address of the market."""
        outcome = await relay(self.inside.messaging(), Mail(to, sender, raw))
        await self.a_moment()
        return outcome


class _Through:
    """The site that runs at the moment, which a restart replaces."""

    def __init__(self, market: StoryMarket) -> None:
        self._market = market

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._market.app(scope, receive, send)
