"""OpenSearch settings and mapping, and the form of a document."""

from __future__ import annotations

from typing import Any

from ...text import fold
from ..analysis import is_correctable
from ..document import FIGURES, IN_NAME, IN_TEXT, IN_TITLE, ORDERS, TERMS, Document
from ..filters import Sort
from ..geography import UNIT

SCHEMA_VERSION = 6
"""Raise this when mapping or documents change: an index of another version is ignored."""

TOKEN_FIELDS = {IN_NAME: "in_name", IN_TITLE: "in_title", IN_TEXT: "in_text"}
POSITION_ID = "~position"
"""The document with the index's position in the feed. It has no other field, so no search finds it."""

_TIE_SIGN = 1 << 63
_LOOKED_UP = {"type": "keyword", "doc_values": False, "norms": False}
_COUNTED = {"type": "keyword", "norms": False}


def rank_field(order: Sort) -> str:
    return f"by_{order.name.lower()}"


def signed(rank: int) -> int:
    """An unsigned 64-bit rank as the signed number with the same place in the order."""
    return rank - _TIE_SIGN


SETTINGS: dict[str, Any] = {
    "index": {
        # With one shard counts are exact; a country's boats fit. Changes are visible on refresh only.
        "number_of_shards": 1,
        "auto_expand_replicas": "0-1",
        "refresh_interval": "-1",
        # How long deleted versions are remembered: replaying the feed must not revive a boat.
        "gc_deletes": "7d",
    }
}

MAPPING: dict[str, Any] = {
    "dynamic": "strict",
    "_source": {"enabled": False},
    "properties": {
        "id": {"type": "keyword"},
        "position": {"type": "keyword", "index": False, "doc_values": False, "store": True},
        "owner": _LOOKED_UP | {"store": True},
        "shown": {"type": "boolean"},
        "dropped": {"type": "boolean"},
        **dict.fromkeys(TOKEN_FIELDS.values(), _LOOKED_UP),
        "named": _COUNTED,
        **dict.fromkeys(TERMS, _COUNTED),
        "features": _COUNTED,
        "has_features": _LOOKED_UP,
        "places": _LOOKED_UP,
        **{name: {"type": "integer"} for name in FIGURES},
        "listed_at": {"type": "long"},
        "lat": {"type": "integer"},
        "lon": {"type": "integer"},
        "spot": {"type": "geo_point"},
        "about": {"type": "geo_point"},
        **{rank_field(order): {"type": "long", "index": False} for order in ORDERS},
    },
}


def source_of(document: Document) -> dict[str, Any]:
    """A document as sent to OpenSearch; missing values are left out."""
    source: dict[str, Any] = {
        "id": document.id,
        "owner": document.owner,
        "shown": document.is_shown,
        "dropped": document.dropped,
        "named": [token for token, cost in document.tokens.items() if cost <= IN_TITLE and is_correctable(token)],
        "features": document.features,
        "has_features": [fold(feature) for feature in document.features],
        "places": sorted(document.places),
        "listed_at": document.listed_at,
        **{name: value for name, value in document.terms.items() if value is not None},
        **{name: value for name, value in document.figures.items() if value is not None},
        **{rank_field(order): signed(rank) for order, rank in document.ranks.items()},
    }  # fmt: skip
    for level, field in TOKEN_FIELDS.items():
        source[field] = [token for token, cost in document.tokens.items() if cost == level]
    if document.lat is not None and document.lon is not None:
        source["lat"], source["lon"] = document.lat, document.lon
        source["spot"] = {"lat": document.lat / UNIT, "lon": document.lon / UNIT}
    if document.about is not None:
        source["about"] = {"lat": document.about[0] / UNIT, "lon": document.about[1] / UNIT}
    return source
