"""Guesses are counted before they are judged, and the last permitted one locks the account."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from marinemarket.accounts.login_throttle import (
    WRONG_PASSWORD,
    cleared,
    count_attempt,
    is_right,
    note_failure,
)
from marinemarket.accounts.records import find_user
from marinemarket.audit.actions import Action
from marinemarket.audit.records import entries_by_action
from marinemarket.composition import Market
from marinemarket.errors import Unavailable
from marinemarket.store.schema import USERS
from marinemarket.store.writes import Update
from tests.accounts.members import CLIENT, a_person
from tests.builders import OWNER
from tests.emails import letters
from tests.store.stale_indexes import indexes_caught_up

pytestmark = pytest.mark.anyio


def test_whoever_proves_who_they_are_clears_the_count_and_the_lock() -> None:
    write = cleared(Update(USERS, (OWNER,), set={"name": "Ann"}, remove=("mfaSecret",)))
    assert write.set == {"name": "Ann", "loginAttempts": 0}
    assert write.remove == ("mfaSecret", "attemptsSince", "lockedUntil")


async def test_the_first_guess_counts_as_one(market: Market) -> None:
    ann = await a_person(market)
    for user, email in ((ann, ann.email), (None, "nobody@example.com")):
        guess = await count_attempt(market.accounts, user, email)
        assert guess is not None
        assert guess.counted["loginAttempts"] == 1
        assert not guess.is_last


async def test_as_many_guesses_as_are_allowed_are_judged(market: Market) -> None:
    ann = await a_person(market)
    tries = market.accounts.rules.tries
    guesses = [await count_attempt(market.accounts, ann, ann.email) for _ in range(tries + 1)]
    assert [guess and guess.is_last for guess in guesses] == [False] * (tries - 1) + [True, None]


async def test_a_guess_that_cannot_be_judged_now_is_not_counted(market: Market) -> None:
    class Busy:
        async def is_right(self, *given: object) -> bool:
            raise Unavailable("too many at once")

    busy: Any = Busy()
    ann = await a_person(market)
    guess = await count_attempt(market.accounts, ann, ann.email)
    assert guess is not None
    with pytest.raises(Unavailable):
        await is_right(replace(market.accounts, passwords=busy), guess, "a guess", None)
    stands = await market.store.get(USERS, ann.id)
    assert stands is not None
    assert stands["loginAttempts"] == 0


async def test_a_lock_is_recorded_and_told_to_whose_account_it_is(market: Market) -> None:
    ann = await a_person(market)
    for user, email in ((ann, ann.email), (None, "nobody@example.com")):
        guess = None
        for _ in range(market.accounts.rules.tries):
            guess = await count_attempt(market.accounts, user, email)
        assert guess is not None
        await note_failure(market.accounts, CLIENT, user, email, WRONG_PASSWORD, guess)
        assert await count_attempt(market.accounts, user, email) is None
    await indexes_caught_up(market.store)
    for action in (Action.LOGIN_FAILED, Action.ACCOUNT_LOCKED):
        entries = (await entries_by_action(market.store, action)).entries
        assert {entry.resource_id for entry in entries} == {ann.id, "none"}
    [letter] = await letters(market)
    minutes = market.accounts.rules.locked_for / 60_000
    assert (letter.template, float(letter.values["minutes"])) == ("account-locked", minutes)
    assert letter.values["tried"] == "passwords"
    assert await find_user(market.store, ann.id) is not None
