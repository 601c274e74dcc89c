"""The words of an index, searched for what a user may have meant."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .segment import Segment

_MOST_NEAR = 50
_MOST_LOOKED_AT = 20_000


class ColumnsVocabulary:
    """The words of some segments. Recently removed boats may still be counted."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments

    def frequency(self, token: str) -> int:
        return sum(len(segment.postings(token)[0]) for segment in self._segments)

    def near(self, word: str, distance: int) -> list[tuple[str, int, int]]:
        slips: dict[str, int] = {}
        boats: Counter[str] = Counter()
        for segment in self._segments:
            known, counts = segment.named
            found = process.extract(
                word, known, scorer=OSA.distance, score_cutoff=distance, limit=_MOST_NEAR
            )
            for near, slip, place in found:
                slips[near] = int(slip)
                boats[near] += int(counts[place])
        return sorted(
            ((near, slip, boats[near]) for near, slip in slips.items()),
            key=lambda found: (found[1], -found[2], found[0]),
        )

    def beginning(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        boats: Counter[str] = Counter()
        for segment in self._segments:
            known, counts = segment.named
            start = bisect_left(known, prefix)
            for place in range(start, min(len(known), start + _MOST_LOOKED_AT)):
                if not known[place].startswith(prefix):
                    break
                boats[known[place]] += int(counts[place])
        return sorted(boats.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]
