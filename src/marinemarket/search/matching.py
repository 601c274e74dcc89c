"""Does a single document match a search? The same answer as every engine gives.

For checking many searches against one boat, where an index checks many boats against one search.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..text import fold
from .document import FIGURES, TERMS, Document
from .geography import Area, Point
from .index import IndexQuery, Span


def matches(wanted: IndexQuery, document: Document) -> bool:
    """Would this search find this document? Its order, page and scope are ignored."""
    return (
        document.is_shown
        and (document.dropped or not wanted.dropped)
        and _fits_terms(wanted, document)
        and _fits_figures(wanted, document)
        and document.places.issuperset(wanted.places)
        and _has_features(wanted, document)
        and all(any(token in document.tokens for token in group) for group in wanted.words)
        and _lies_within(wanted, document)
    )


def _fits_terms(wanted: IndexQuery, document: Document) -> bool:
    return all(
        document.terms[name] in wanted.any_of[name] for name in TERMS if name in wanted.any_of
    )


def _fits_figures(wanted: IndexQuery, document: Document) -> bool:
    figures = {name: document.figures[name] for name in FIGURES} | {"listed_at": document.listed_at}
    return all(lies_in(span, figures[name]) for name, span in wanted.spans.items())


def lies_in(span: Span, figure: int | None) -> bool:
    """Is a number known, and within a span, ends included?"""
    return (
        figure is not None
        and (span.lowest is None or figure >= span.lowest)
        and (span.highest is None or figure <= span.highest)
    )


def _has_features(wanted: IndexQuery, document: Document) -> bool:
    return not wanted.features or {*map(fold, document.features)}.issuperset(wanted.features)


def _lies_within(wanted: IndexQuery, document: Document) -> bool:
    lat, lon = document.lat, document.lon
    spot = None if lat is None or lon is None else (lat, lon)
    return _within_all(wanted.areas, spot) and _within_all(wanted.around, document.about)


def _within_all(areas: Sequence[Area], point: Point | None) -> bool:
    if point is None:
        return not areas
    return all(area.holds(point) for area in areas)
