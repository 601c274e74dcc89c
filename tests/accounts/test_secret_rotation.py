"""Rotating master keys: every secret is sealed under the new one, and the old one can be removed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marinemarket.accounts.accounts import Accounts
from marinemarket.accounts.records import find_user
from marinemarket.accounts.second_factor import bound_to
from marinemarket.accounts.secret_rotation import reseal
from marinemarket.accounts.user import User
from marinemarket.audit.records import entries_by_user
from marinemarket.composition import Market
from marinemarket.errors import Unreadable
from marinemarket.store.schema import USERS
from marinemarket.store.writes import Update
from marinemarket.vault.vault import CurrentKeys, Vault
from tests.store.stale_indexes import indexes_caught_up

from .members import a_person

pytestmark = pytest.mark.anyio

OLD, NEW = {"old": b"1" * 32}, {"new": b"2" * 32}


def under(market: Market, keys: dict[str, bytes]) -> Accounts:
    return replace(market.accounts, vault=Vault(CurrentKeys(keys)))


async def _people(market: Market, count: int) -> list[User]:
    old = under(market, OLD).vault
    found = []
    for number in range(count):
        user = await a_person(market, name=f"ann{number}")
        sealed = await old.seal(f"secret {number}", bound_to=bound_to(user.id))
        await market.trail.store.commit(_sealing(user, sealed))
        found.append(user)
    return found


def _sealing(user: User, sealed: str) -> Update:
    return Update(USERS, (user.id,), set={"mfaSecret": sealed, "mfaEnabled": True})


async def test_secrets_open_under_the_new_key_alone_once_all_are_sealed_anew(
    market: Market,
) -> None:
    people = await _people(market, 4)
    both = under(market, NEW | OLD)
    assert await reseal(both, lambda count: None) == 4
    assert await reseal(both, lambda count: None) == 0
    new = under(market, NEW)
    for number, user in enumerate(people):
        stands = await find_user(market.store, user.id)
        assert stands is not None
        assert stands.mfa_secret is not None
        opened = await new.vault.open(stands.mfa_secret, bound_to=bound_to(user.id))
        assert opened == f"secret {number}"
        assert stands.updated_at > user.updated_at
    await indexes_caught_up(market.store)
    assert len((await entries_by_user(market.store, "system:secrets")).entries) == 4


async def test_a_rotation_that_lacks_the_old_key_says_so_and_harms_nothing(
    market: Market,
) -> None:
    [user] = await _people(market, 1)
    before = await find_user(market.store, user.id)
    with pytest.raises(Unreadable, match="not among the settings"):
        await reseal(under(market, NEW), lambda count: None)
    assert await find_user(market.store, user.id) == before
