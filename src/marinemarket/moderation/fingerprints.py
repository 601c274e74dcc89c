"""Fingerprints: by which hulls, texts and pictures are recognised, without keeping them.

All of them depend on the market's secret key, so that they mean nothing without it. A text has two
dozen: for each of as many orders of all possible pairs of words, the pair that comes first (MinHash).
The share of equal ones estimates how much two texts have in common, whatever the order of their
sentences. A picture has its perceptual hash, under a mask that keeps distances.
"""

from __future__ import annotations

import hmac
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b, sha256

from ..listings.media.perceptual_hashes import bands_of
from ..lookalikes import as_spelled, skeleton
from ..text import words
from .exhibit import hull_of

ORDERS = 24
"""How many fingerprints a text has."""
FEWEST_WORDS = 8
"""A shorter text may be the same by chance."""
_MODULUS = (1 << 61) - 1


@dataclass(frozen=True, slots=True)
class Print:
    """A fingerprint of a picture: the names under which it is kept, and its hash under the mask."""

    names: tuple[str, ...]
    masked: str


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Makes fingerprints under a secret key."""

    key: bytes

    @classmethod
    def of(cls, secret_key: str) -> Fingerprints:
        return cls(hmac.new(secret_key.encode(), b"precedents", sha256).digest())

    def hull(self, hin: str) -> str:
        return f"hull {self._hash('hull ' + (hull_of(hin) or ''))}"

    def picture(self, phash: str) -> Print | None:
        """None for a picture of nothing, which resembles many."""
        if not bands_of(phash):
            return None
        mask = int(self._hash("picture"), 16)
        masked = f"{int(phash, 16) ^ mask:016x}"
        return Print(tuple(f"picture {n} {masked[4 * n : 4 * n + 4]}" for n in range(4)), masked)

    def pairs(self, text: str | None) -> frozenset[int]:
        """The hashes of a text's pairs of neighbouring words; none for a short text."""
        return _pairs(self.key, text or "")

    def text(self, pairs: Iterable[int], kind: str = "text") -> tuple[str, ...]:
        """The names of a text's fingerprints, each with the number of its order."""
        found = tuple(pairs)
        if len(found) < FEWEST_WORDS - 1:
            return ()
        return tuple(
            f"{kind} {n} {min((one * factor + summand) % _MODULUS for one in found):016x}"
            for n, (factor, summand) in enumerate(_orders())
        )

    def _hash(self, text: str) -> str:
        return blake2b(text.encode(), key=self.key, digest_size=8).hexdigest()


@lru_cache(64)
def _pairs(key: bytes, text: str) -> frozenset[int]:
    found = [skeleton(word) for word in words(as_spelled(text))]
    if len(found) < FEWEST_WORDS:
        return frozenset()
    return frozenset(
        int.from_bytes(blake2b(f"{one} {other}".encode(), key=key, digest_size=7).digest())
        for one, other in itertools.pairwise(found)
    )


@cache
def _orders() -> tuple[tuple[int, int], ...]:
    def number(what: str) -> int:
        return int.from_bytes(blake2b(what.encode(), digest_size=7).digest()) | 1

    return tuple((number(f"factor {n}"), number(f"summand {n}")) for n in range(ORDERS))
