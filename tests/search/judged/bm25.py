"""A simple baseline: Okapi BM25 over the lower-cased words of an advert.

It knows no stems, synonyms, misspellings or quantities. An idf is never negative (Lucene's form), so
that a word found in most adverts does not count against them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import log

from marinemarket.listings.vocabulary.boat_types import BY_NAME
from marinemarket.listings.vocabulary.countries import country_name, states_of

from .predicates import Wire

K1 = 1.2
B = 0.75


def text_of(advert: Wire) -> str:
    """Title, maker, model, type and place, as displayed."""
    boat, location = advert["boatDetails"], advert["location"]
    states = states_of(location["country"])
    text = (
        advert["title"],
        boat.get("manufacturer"),
        boat.get("model"),
        BY_NAME[boat["type"]].label,
        location.get("city"),
        location.get("region"),
        states.get(location.get("state", "")),
        country_name(location["country"]),
    )
    return " ".join(part for part in text if part)


class BM25:
    def __init__(self, adverts: Sequence[Wire]) -> None:
        texts = {advert["id"]: text_of(advert).lower().split() for advert in adverts}
        average = sum(map(len, texts.values())) / len(texts)
        self._damping = {
            listing: K1 * (1 - B + B * len(text) / average) for listing, text in texts.items()
        }
        self._postings: dict[str, dict[str, int]] = defaultdict(dict)
        for listing, text in texts.items():
            for word, times in Counter(text).items():
                self._postings[word][listing] = times

    def order_of(self, text: str) -> list[str]:
        """Every advert with a word of the text, best first; ties by id."""
        scores: dict[str, float] = defaultdict(float)
        for word in text.lower().split():
            holding = self._postings.get(word, {})
            idf = log(1 + (len(self._damping) - len(holding) + 0.5) / (len(holding) + 0.5))
            for listing, times in holding.items():
                scores[listing] += idf * times * (K1 + 1) / (times + self._damping[listing])
        return sorted(scores, key=lambda listing: (-scores[listing], listing))
