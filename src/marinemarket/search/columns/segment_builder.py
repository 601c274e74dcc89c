"""Builds segments: from documents, or from other segments without their removed rows."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from uuid import UUID

import numpy as np

from ..document import FIGURES, IN_TITLE, ORDERS, TERMS, Document, hash_of
from ..facets import EDGES
from .ordering import rank_of
from .segment import ABSENT, NOWHERE, Array, Segment

MASK_64 = 2**64 - 1
_WALKED_FROM = 4096
"""Larger segments store their rows in each sort order, so that a page of many hits is quick."""

_UNPLACED = (NOWHERE, NOWHERE)
Packed = tuple[dict[str, Array], dict[str, list[str]]]


def pack(documents: Sequence[Document]) -> Packed:
    """The arrays and names of a segment with these documents, unordered."""
    ids = [UUID(document.id).int for document in documents]
    arrays: dict[str, Array] = {
        "id_high": np.array([id >> 64 for id in ids], np.uint64),
        "id_low": np.array([id & MASK_64 for id in ids], np.uint64),
        "tie": np.array([hash_of(document.id) for document in documents], np.uint64),
        "owner": np.array([hash_of(document.owner) for document in documents], np.uint64),
        "shown": np.array([document.is_shown for document in documents], np.bool_),
        "dropped": np.array([document.dropped for document in documents], np.bool_),
        "listed_at": np.array([document.listed_at for document in documents], np.int64),
        "merit": np.array([document.merit for document in documents], np.int64),
        "lat": np.array([_or(document.lat, NOWHERE) for document in documents], np.int32),
        "lon": np.array([_or(document.lon, NOWHERE) for document in documents], np.int32),
        "about_lat": np.array([(d.about or _UNPLACED)[0] for d in documents], np.int32),
        "about_lon": np.array([(d.about or _UNPLACED)[1] for d in documents], np.int32),
    }
    for name in FIGURES:
        lines = [_or(document.figures[name], ABSENT) for document in documents]
        arrays[name] = np.array(lines, np.int32)
    names: dict[str, list[str]] = {}
    for name in TERMS:
        terms = [document.terms[name] or "" for document in documents]
        names[name] = sorted(set(terms) - {""})
        numbers = {"": 0} | {term: number for number, term in enumerate(names[name], 1)}
        arrays[name] = np.array([numbers[term] for term in terms], _small(len(names[name])))
    _pack_features(documents, arrays, names)
    _pack_tokens(documents, arrays, names)
    return _finished(arrays, names)


def _or(value: int | None, absent: int) -> int:
    return absent if value is None else value


def _small(largest: int) -> type[np.unsignedinteger]:
    return np.uint8 if largest < 2**8 else np.uint16 if largest < 2**16 else np.uint32


def _pack_features(
    documents: Sequence[Document], arrays: dict[str, Array], names: dict[str, list[str]]
) -> None:
    known = names["features"] = sorted({f for document in documents for f in document.features})
    numbers = {feature: number for number, feature in enumerate(known)}
    lengths = [len(document.features) for document in documents]
    arrays["feature_ends"] = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))
    listed = [numbers[feature] for document in documents for feature in document.features]
    arrays["feature"] = np.array(listed, _small(len(known)))


def _pack_tokens(
    documents: Sequence[Document], arrays: dict[str, Array], names: dict[str, list[str]]
) -> None:
    numbers: dict[str, int] = {}
    posted, rows, costs = array("I"), array("I"), array("B")
    for row, document in enumerate(documents):
        found = document.all_tokens
        posted.extend([numbers.setdefault(token, len(numbers)) for token in found])
        costs.extend(found.values())
        rows.extend([row] * len(found))
    names["tokens"] = sorted(numbers)
    place = np.empty(len(numbers), np.uint32)
    place[[numbers[token] for token in names["tokens"]]] = np.arange(len(numbers))
    token = place[np.frombuffer(posted, np.uint32)] if posted else np.empty(0, np.uint32)
    order = np.argsort(token, kind="stable")
    arrays["posted_rows"] = np.frombuffer(rows, np.uint32)[order] if rows else token
    arrays["posted_costs"] = np.frombuffer(costs, np.uint8)[order] if rows else token.astype("u1")
    counts = np.bincount(token, minlength=len(numbers))
    arrays["token_ends"] = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))


def _finished(arrays: dict[str, Array], names: dict[str, list[str]]) -> Packed:
    """With everything that can be worked out of the rest."""
    arrays["by_tie"] = np.argsort(arrays["tie"]).astype(np.uint32)
    for name in ("lat", "about_lat"):
        lats = arrays[name]
        by_lat = np.argsort(lats, kind="stable")[: int(np.count_nonzero(lats != NOWHERE))]
        arrays[f"by_{name}"] = by_lat.astype(np.uint32)
        arrays[f"sorted_{name}"] = lats[by_lat]
    for facet, edges in EDGES.items():
        # 0 where there is no value, which sorts before the first range.
        arrays[f"{facet}_range"] = np.searchsorted(edges, arrays[facet], "right").astype(np.uint8)
    standing = (arrays["posted_costs"] <= IN_TITLE).astype(np.int64)
    summed = np.concatenate(([0], np.cumsum(standing)))
    arrays["named_counts"] = np.diff(summed[arrays["token_ends"]]).astype(np.uint32)
    if len(lats) >= _WALKED_FROM:
        for order in ORDERS:
            ranks = rank_of(arrays, order)
            arrays[f"in_order_{order.name.lower()}"] = np.argsort(ranks).astype(np.uint32)
    return arrays, names


def merged(segments: Sequence[tuple[Segment, Array]]) -> Packed:
    """The arrays and names of a segment with the remaining rows of others.

    `segments` are pairs of a segment and a mask of the rows to keep.
    """
    arrays: dict[str, Array] = {}
    names: dict[str, list[str]] = {}
    plain = (
        "id_high",
        "id_low",
        "tie",
        "owner",
        "shown",
        "dropped",
        "listed_at",
        "merit",
        "lat",
        "lon",
        "about_lat",
        "about_lon",
    )
    for name in (*plain, *FIGURES):
        arrays[name] = np.concatenate([segment[name][kept] for segment, kept in segments])
    for name in TERMS:
        known, places = _united([segment.names[name] for segment, _ in segments])
        names[name] = known
        moved = [
            np.concatenate(([0], place + 1))[segment[name][kept]]
            for place, (segment, kept) in zip(places, segments, strict=True)
        ]
        arrays[name] = np.concatenate(moved).astype(_small(len(known)))
    _merge_features(segments, arrays, names)
    _merge_tokens(segments, arrays, names)
    return _finished(arrays, names)


def _united(lists: list[list[str]]) -> tuple[list[str], list[Array]]:
    """All names in order, and the position of each list's names among them."""
    known = sorted(set().union(*lists))
    numbers = {name: number for number, name in enumerate(known)}
    return known, [np.array([numbers[name] for name in one], np.int64) for one in lists]


def _merge_features(
    segments: Sequence[tuple[Segment, Array]],
    arrays: dict[str, Array],
    names: dict[str, list[str]],
) -> None:
    known, places = _united([segment.names["features"] for segment, _ in segments])
    names["features"] = known
    lengths, listed = [], []
    for place, (segment, kept) in zip(places, segments, strict=True):
        each = np.diff(segment["feature_ends"])
        lengths.append(each[kept])
        listed.append(place[segment["feature"][np.repeat(kept, each)]])
    arrays["feature_ends"] = np.concatenate(([0], np.cumsum(np.concatenate(lengths))))
    arrays["feature"] = np.concatenate(listed).astype(_small(len(known)))


def _merge_tokens(
    segments: Sequence[tuple[Segment, Array]],
    arrays: dict[str, Array],
    names: dict[str, list[str]],
) -> None:
    """Each token's postings are copied in one step: both lists are in token order already."""
    known, places = _united([segment.names["tokens"] for segment, _ in segments])
    counts = np.zeros((len(segments), len(known)), np.int64)
    kept_postings = []
    first = 0
    for number, (place, (segment, kept)) in enumerate(zip(places, segments, strict=True)):
        rows = np.cumsum(kept, dtype=np.int64) - 1 + first
        first += int(np.count_nonzero(kept))
        stays = kept[segment["posted_rows"]]
        summed = np.concatenate(([0], np.cumsum(stays, dtype=np.int64)))
        each = np.diff(summed[segment["token_ends"]])
        counts[number, place] = each
        kept_postings.append(
            (place, each, rows[segment["posted_rows"][stays]], segment["posted_costs"][stays])
        )
    ends = np.concatenate(([0], np.cumsum(counts.sum(axis=0))))
    begins = ends[:-1] + np.cumsum(counts, axis=0) - counts
    arrays["posted_rows"] = np.empty(int(ends[-1]), np.uint32)
    arrays["posted_costs"] = np.empty(int(ends[-1]), np.uint8)
    for number, (place, each, rows, costs) in enumerate(kept_postings):
        at = np.repeat(begins[number, place] - (np.cumsum(each) - each), each) + np.arange(
            len(rows)
        )
        arrays["posted_rows"][at] = rows
        arrays["posted_costs"][at] = costs
    used = counts.sum(axis=0) > 0
    names["tokens"] = [token for token, is_used in zip(known, used, strict=True) if is_used]
    arrays["token_ends"] = np.concatenate(([0], ends[1:][used]))
