"""Users with an account, for tests about signing in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import pyotp
from argon2 import PasswordHasher, Type

from marinemarket.accounts.accounts import Accounts, Client
from marinemarket.accounts.configured_rules import rules_of
from marinemarket.accounts.passwords import Passwords
from marinemarket.accounts.records import add_user, find_user
from marinemarket.accounts.second_factor import enable_second_factor, offer_second_factor
from marinemarket.accounts.sessions import Entered, SignedIn
from marinemarket.accounts.sign_in import sign_in
from marinemarket.accounts.user import User, UserRole
from marinemarket.audit.trail import Trail
from marinemarket.clock import Clock
from marinemarket.composition import Market, in_newest_shape
from marinemarket.config.settings import Settings
from marinemarket.links import Links
from marinemarket.vault.vault import CurrentKeys, Vault
from tests.builders import a_user
from tests.conftest import TESTS
from tests.store.engines import ENGINE_NAMES, ENGINES

PASSWORD = "tidal rudder walnut forty"
CLIENT = Client("192.0.2.7", "Mozilla/5.0 (tests)", "d" * 64)


# Engines that hold raw items: the store of the domains adds the item versions here.
BARE = [name for name in ENGINE_NAMES if "shapes" not in str(name)]


@asynccontextmanager
async def accounts_on(engine: str, folder: Path, clock: Clock) -> AsyncIterator[Accounts]:
    """The accounts of an empty market on an engine, by its name."""
    passwords = Passwords()
    async with ENGINES[engine].open(folder / "market", clock) as store:
        trail = Trail(in_newest_shape(store), retention_days=9999, clock=clock)
        vault = Vault(CurrentKeys({"one": b"1" * 32}))
        rules = rules_of(Settings(data=folder))
        yield Accounts(trail, vault, passwords, rules, Links("http://localhost"))
    passwords.close()


@cache
def hashed(password: str = PASSWORD) -> str:
    return PasswordHasher(2, 19 * 1024, 1, type=Type.ID).hash(password)


async def a_person(market: Market, *, name: str = "ann", **overrides: object) -> User:
    """An active account with PASSWORD, at `name`@example.com."""
    user = a_user(name=name, **{"password": hashed(), "email_verified": True, **overrides})
    await add_user(market.trail, TESTS, user)
    return user


async def entered(market: Market, user: User, client: Client = CLIENT) -> Entered:
    """A user signed in with a password only."""
    outcome = await sign_in(market.accounts, client, user.email, PASSWORD)
    assert isinstance(outcome, Entered)
    return outcome


async def now(market: Market, somebody: SignedIn) -> SignedIn:
    """The same session, with its user read again."""
    user = await find_user(market.store, somebody.user.id)
    assert user is not None
    return SignedIn(user, somebody.session)


async def with_second_factor(
    market: Market, user: User, client: Client = CLIENT
) -> tuple[Entered, pyotp.TOTP, tuple[str, ...]]:
    """Turn a user's second factor on; returns the session, the authenticator and the recovery codes."""
    somebody: SignedIn = await entered(market, user, client)
    offer = await offer_second_factor(market.accounts, somebody, client, PASSWORD, "MarineMarket")
    totp = pyotp.TOTP(offer.secret)
    somebody = await now(market, somebody)
    enabled = await enable_second_factor(
        market.accounts, somebody, client, totp.at(market.clock() // 1000)
    )
    return enabled.entered, totp, enabled.recovery_codes


def staff(role: UserRole) -> dict[str, object]:
    return {"role": role}
