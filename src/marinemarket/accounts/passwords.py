"""Passwords: which ones are refused, and how they are stored (Argon2id).

Each hash takes 19 MiB, so only a few are computed at once, and the others wait in a queue of bounded
length: a hundred people who sign in at the same moment take no more memory than two.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from ..errors import Busy, FieldError
from ..i18n.texts import gettext as _
from ..i18n.texts import mark
from ..text import words
from .revealing_passwords import reveals

SHORTEST, LONGEST = 12, 128
LOWEST_SCORE = 3
AT_ONCE = 2
LONGEST_LINE = 128
_SCORED = 24
"""How many characters are scored: scoring more takes seconds, and a strong beginning suffices."""
T = TypeVar("T")

_COMMON = frozenset(FREQUENCY_LISTS["passwords"])

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)


def normalised(password: str) -> str:
    """One form for what different keyboards send (NFKC, as NIST SP 800-63B recommends)."""
    return unicodedata.normalize("NFKC", password)


class Passwords:
    """Hashes and checks passwords, a few at once. Close it with the market."""

    def __init__(self, *, at_once: int = AT_ONCE, longest_line: int = LONGEST_LINE) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="passwords")
        self._longest_line = longest_line
        self._waiting = 0

    async def hashed(self, password: str) -> str:
        """The hash to store. Raises Unavailable when too many are waiting."""
        return await self._run(_hasher.hash, normalised(password))

    async def is_right(self, password: str, kept: str | None) -> bool:
        """Does the password match this hash? Without a hash it takes as long, and returns False."""
        right = await self._run(_verified, kept or _nobodys_hash(), normalised(password))
        return right and bool(kept)

    async def errors(
        self, password: str, *, names: Sequence[str], email: str, market: str, field: str
    ) -> list[FieldError]:
        """Why a new password of a person with these names is refused; empty if it is accepted."""
        found = await self._run(_why_not, password, email, market, *names)
        return [FieldError(field, why) for why in found]

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[..., T], *given: str) -> T:
        if self._waiting >= self._longest_line:
            raise Busy(_("too many people are signing in"), retry_after=5)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *given)
        finally:
            self._waiting -= 1


def is_outdated(kept: str) -> bool:
    """Was a hash made with weaker parameters than today's?"""
    return _hasher.check_needs_rehash(kept)


@lru_cache(1)
def _nobodys_hash() -> str:
    return _hasher.hash("the password of nobody")


def _verified(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


_WARNINGS = (
    # What zxcvbn says of a password; its advice is looked up by these words.
    mark("Straight rows of keys are easy to guess."),
    mark("Short keyboard patterns are easy to guess."),
    mark('Repeats like "aaa" are easy to guess.'),
    mark('Repeats like "abcabcabc" are only slightly harder to guess than "abc".'),
    mark('Sequences like "abc" or "6543" are easy to guess.'),
    mark("Recent years are easy to guess."),
    mark("Dates are often easy to guess."),
    mark("This is a top-10 common password."),
    mark("This is a top-100 common password."),
    mark("This is a very common password."),
    mark("This is similar to a commonly used password."),
    mark("A word by itself is easy to guess."),
    mark("Names and surnames by themselves are easy to guess."),
    mark("Common names and surnames are easy to guess."),
)


def _why_not(password: str, email: str, market: str, *names: str) -> list[str]:
    plain = normalised(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        return [_("must be %(least)s to %(most)s characters", least=SHORTEST, most=LONGEST)]
    if any("\ud800" <= character <= "\udfff" for character in plain):
        return [_("holds half of a character (a lone surrogate)")]
    if plain.casefold() in _COMMON:
        return [_("is one of the most common passwords")]
    if reveals(plain, email=email, market=market, names=names):
        return [_("must not hold your name or your email address, or the market's name")]
    known = {one for text in (*names, email, market) for one in words(text)}
    scored = zxcvbn(plain[:_SCORED], user_inputs=sorted(known))
    if scored["score"] < LOWEST_SCORE:
        advice = scored["feedback"]["warning"] or mark(
            "Add another word or two; uncommon words are best."
        )
        return [_("is too easy to guess. %(advice)s", advice=_(advice))]
    return []
