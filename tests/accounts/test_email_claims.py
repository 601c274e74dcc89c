"""An address belongs to one account in every version of its claim, and no key shows it."""

from __future__ import annotations

import pytest

from marinemarket.accounts.email_claims import (
    claiming,
    clear_key,
    hashed_key,
    rekey_email_claims,
    releasing,
)
from marinemarket.accounts.records import add_user, find_user_by_email
from marinemarket.composition import Market, in_newest_shape
from marinemarket.errors import Conflict, Invalid
from marinemarket.store.active_version import RECORD
from marinemarket.store.schema import CLAIMS, MARKET
from marinemarket.store.writes import Put, Update
from tests.builders import OWNER, a_user
from tests.conftest import TESTS
from tests.store.paging import scanned

pytestmark = pytest.mark.anyio

ADDRESS = "owner@example.com"


@pytest.fixture
def behind() -> int:
    return 0


async def _of_an_earlier_version(market: Market) -> None:
    """The market as the previous version leaves it: the claim's key is the address itself."""
    engine = market.store.engine
    claims = {"claim": clear_key(ADDRESS)[0], "owner": OWNER, "shape": 1}
    await engine.commit(Put(CLAIMS, claims), Update(MARKET, (RECORD,), set={CLAIMS.name: 1}))
    await engine.commit(*await releasing(market.store, ADDRESS))
    await engine.commit(Put(CLAIMS, claims))
    await market.store.in_force.read()


async def test_a_claims_key_shows_no_address(market: Market) -> None:
    [claim] = await scanned(market.store, CLAIMS)
    assert claim["owner"] == OWNER
    assert "@" not in claim["claim"]


async def test_claims_of_an_earlier_version_count_and_are_given_new_keys(market: Market) -> None:
    await _of_an_earlier_version(market)
    assert [claim["claim"] for claim in await scanned(market.store, CLAIMS)] == [f"email:{ADDRESS}"]
    with pytest.raises(Invalid, match="already belongs"):
        await add_user(market.trail, TESTS, a_user(name="thief", email=ADDRESS))
    # Until the new form is active, a process of the earlier version must see new claims, too.
    await add_user(market.trail, TESTS, a_user(name="new"))
    assert await market.store.get(CLAIMS, *clear_key("new@example.com")) is not None
    await market.store.in_force.raise_all()
    with pytest.raises(Invalid, match="already belongs"):
        await add_user(market.trail, TESTS, a_user(name="thief", email=ADDRESS))
    assert await rekey_email_claims(market.trail) == 2
    assert await rekey_email_claims(market.trail) == 0
    assert not [claim for claim in await scanned(market.store, CLAIMS) if "@" in claim["claim"]]
    found = await find_user_by_email(market.store, ADDRESS)
    assert found is not None
    assert found.id == OWNER
    with pytest.raises(Invalid, match="already belongs"):
        await add_user(market.trail, TESTS, a_user(name="thief", email=ADDRESS))


async def test_two_processes_that_go_by_different_versions_cannot_both_win(market: Market) -> None:
    """For some seconds after `migrate` one process writes the new form, and another the old one."""
    await _of_an_earlier_version(market)
    before = await claiming(market.store, "both@example.com", "first")
    await market.store.in_force.raise_all()
    after = await claiming(in_newest_shape(market.store.engine), "both@example.com", "second")
    assert before[0].key != after[0].key
    await market.store.commit(*before)
    with pytest.raises(Conflict):
        await market.store.commit(*after)


async def test_another_market_hashes_the_same_address_to_another_key(market: Market) -> None:
    ours = await hashed_key(market.store, ADDRESS)
    await market.store.engine.commit(
        Put(MARKET, {"name": "pepper", "pepper": "00" * 32}),
    )
    assert await hashed_key(in_newest_shape(market.store.engine), ADDRESS) != ours
