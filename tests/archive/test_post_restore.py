"""What a restored market has forgotten: all short-lived records."""

from __future__ import annotations

import pytest

from marinemarket.accounts.password_reset import ask_for_reset, reset_password
from marinemarket.accounts.sign_in import Challenge, finish_sign_in, sign_in
from marinemarket.archive.post_restore import run
from marinemarket.composition import PERSONAL_DATA, Market
from marinemarket.errors import Invalid, WrongCredentials
from marinemarket.store.schema import PASSING
from tests.builders import ManualClock
from tests.emails import letters
from tests.store.paging import scanned

from ..accounts.members import CLIENT, PASSWORD, a_person, with_second_factor

pytestmark = pytest.mark.anyio


async def test_half_done_sign_ins_and_links_are_void_after_a_restore(
    market: Market, clock: ManualClock
) -> None:
    ann = await a_person(market)
    _, totp, _ = await with_second_factor(market, ann)
    clock.now += 60_000
    challenge = await sign_in(market.accounts, CLIENT, ann.email, PASSWORD)
    assert isinstance(challenge, Challenge)
    await ask_for_reset(market.accounts, CLIENT, ann.email)
    [letter] = await letters(market, "reset-password")

    done = await run(market.trail, PERSONAL_DATA, [], lambda *_: None)
    assert done["passingForgotten"] >= 1
    assert await scanned(market.store, PASSING) == []
    code = totp.at(clock() // 1000)
    with pytest.raises(WrongCredentials):
        await finish_sign_in(market.accounts, CLIENT, challenge.secret, code)
    with pytest.raises(Invalid):
        await reset_password(market.accounts, CLIENT, letter.token, "cobalt lantern drift seven")
    assert isinstance(await sign_in(market.accounts, CLIENT, ann.email, PASSWORD), Challenge)
