"""Which passwords are refused, how they are stored, and how many are checked at once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher, extract_parameters

from marinemarket.accounts import passwords as module
from marinemarket.accounts.passwords import Passwords, is_outdated
from marinemarket.errors import Unavailable

pytestmark = pytest.mark.anyio

GOOD = "tidal rudder walnut forty"


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    passwords = Passwords()
    yield passwords
    passwords.close()


async def why_not(passwords: Passwords, password: str) -> str:
    errors = await passwords.errors(
        password,
        names=["Jonathan Reef"],
        email="jreef@example.com",
        market="MarineMarket",
        field="password",
    )
    return "; ".join(error.message for error in errors)


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "zwölf boxkämpfer jagen viktor",
        "正しい馬電池ホチキス青空",
        "🦀⛵🌊🧭⚓🐬🦑🌅🏝️🐚🪝🛟",
        "  spaces are kept as well  ",
    ],
)
async def test_any_uncommon_words_in_any_script_will_do(
    passwords: Passwords, password: str
) -> None:
    assert await why_not(passwords, password) == ""
    kept = await passwords.hashed(password)
    assert await passwords.is_right(password, kept)
    assert not await passwords.is_right(password + " ", kept)


@pytest.mark.parametrize(
    ("password", "because"),
    [
        ("x" * 11, "12 to 128"),
        (GOOD * 6, "12 to 128"),
        ("qwertyuiop123", "most common"),
        ("QWERTYUIOP123", "most common"),
        ("passwordpassword", "too easy"),
        ("aaaaaaaaaaaaaaaa", "too easy"),
        ("123456789012345", "too easy"),
        ("my boat jonathan 77 x", "your name"),
        ("JREEF@example.com!", "your name or your email"),
        ("twelve signs \ud800", "lone surrogate"),
        ("MarineMarket2026!", "the market's name"),
        ("M4r1neM4rk3t!!", "the market's name"),
        ("m a r i n e m a r k e t 7", "the market's name"),
        ("Маrineмarket726193", "the market's name"),
        ("ＭａｒｉｎｅＭａｒｋｅｔ５３０９", "the market's name"),
        ("marine\u200bmarket 40817", "the market's name"),
        ("market!marine!93817264", "the market's name"),
        ("J0n4th4n-93817264", "your name"),
        ("jonathan93817264", "your name"),
        ("j o n a t h a n lantern", "your name"),
        ("Reef-93817264-1", "your name"),
        ("jreef77 walnut tidal", "your email"),
        ("example 93817264", "your email"),
    ],
)
async def test_a_weak_password_is_refused_with_its_reason(
    passwords: Passwords, password: str, because: str
) -> None:
    assert because in await why_not(passwords, password)


async def test_hashes_are_argon2id_to_the_figures(passwords: Passwords) -> None:
    parameters = extract_parameters(await passwords.hashed(GOOD))
    assert (parameters.type.name, parameters.memory_cost) == ("ID", 19 * 1024)
    assert (parameters.time_cost, parameters.parallelism) == (2, 1)


async def test_one_spelling_counts_however_a_keyboard_sends_it(passwords: Passwords) -> None:
    kept = await passwords.hashed("cafe\u0301 harbour crew nine")
    assert await passwords.is_right("caf\u00e9 harbour crew nine", kept)


@pytest.mark.parametrize("kept", [None, "", "$argon2id$broken", "plain"])
async def test_without_a_hash_no_password_is_right(passwords: Passwords, kept: str | None) -> None:
    assert not await passwords.is_right("the password of nobody", kept)
    assert not await passwords.is_right("\ud800", kept)


def test_a_hash_with_lesser_parameters_is_outdated() -> None:
    assert is_outdated(PasswordHasher(1, 8 * 1024, 1).hash(GOOD))
    assert not is_outdated(PasswordHasher(2, 19 * 1024, 1).hash(GOOD))


async def test_of_a_hundred_sign_ins_two_are_hashed_at_once_and_the_others_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So a hundred sign-ins take no more memory than two; each hash takes 19 MiB."""
    passwords, lock = Passwords(), threading.Lock()
    running, most = 0, 0

    def watched(kept: str, password: str) -> bool:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        threading.Event().wait(0.001)
        with lock:
            running -= 1
        return True

    monkeypatch.setattr(module, "_verified", watched)
    answers = await asyncio.gather(*(passwords.is_right("x", "y") for _ in range(100)))
    passwords.close()
    assert (sum(answers), most) == (100, 2)


async def test_a_line_that_is_too_long_is_turned_away() -> None:
    passwords = Passwords(at_once=1, longest_line=3)
    done = await asyncio.gather(
        *(passwords.is_right("x", None) for _ in range(6)), return_exceptions=True
    )
    passwords.close()
    assert [isinstance(one, Unavailable) for one in done] == [False] * 3 + [True] * 3
