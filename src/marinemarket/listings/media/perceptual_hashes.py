"""Perceptual hashes: 64 bits in hexadecimal that are nearly the same for copies of a picture."""

from __future__ import annotations

from collections.abc import Iterator

BANDS = 4
NEAR = 6
"""How many of the 64 bits may differ between the hashes of two copies of a picture."""
_PLAIN = 6
"""A hash with this few bits set, or unset, is of sky, a wall or nothing, and resembles many."""


def bands_of(phash: str) -> dict[str, str]:
    """The attributes by which a hash is found; none for a hash that says nothing."""
    if not _PLAIN <= int(phash, 16).bit_count() <= 64 - _PLAIN:
        return {}
    return {f"band{n}": part for n, part in enumerate(_quarters(phash))}


def _quarters(phash: str) -> Iterator[str]:
    return (phash[start : start + 4] for start in range(0, 16, 4))


def mirrored(phash: str) -> str:
    """The hash of the same picture as a mirror shows it."""
    rows = bytes.fromhex(phash)
    return bytes(int(f"{row:08b}"[::-1], 2) ^ 0xFF for row in rows).hex()


def distance(one: str, other: str) -> int:
    """The number of bits by which two hashes differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
