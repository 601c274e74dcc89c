"""What the query parser makes of the words that somebody typed."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..accounts.user import SellerKind
from .geography import Circle
from .index import Span


@dataclass(frozen=True, slots=True)
class QueryPart:
    """What was made of some of the characters typed: from `start` up to `end`.

    `kind` is ``figure``, ``place``, ``seller``, ``word``, ``corrected`` (to what `label` says), ``unknown`` (in no
    advert, and left out) or ``beyond`` (more words than are read).
    """

    start: int
    end: int
    kind: str
    label: str
    label_in_metres: str = ""


@dataclass(slots=True)
class ParsedQuery:
    """A text as understood: groups of tokens, bounds, places and an area, and what was read how.

    It goes along with what it found, so that whoever shows that need not parse the text again.
    """

    text: str = ""
    words: list[dict[str, int]] = field(default_factory=list)
    spans: dict[str, Span] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)
    country: str | None = None
    seller: SellerKind | None = None
    area: Circle | None = None
    parts: list[QueryPart] = field(default_factory=list)
