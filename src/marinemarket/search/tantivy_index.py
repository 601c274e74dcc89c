"""The search index in process, on Tantivy.

Words are folded and split by us and reach Tantivy parted by spaces. Relevance is a walk through
tiers that do not overlap: boats whose maker and model hold every word, then those whose title
does, then the rest. Within a tier, and in every other order, hits come by a number that was
worked out for each boat beforehand; a cursor is a place in that walk, so it survives inserts.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tantivy import (
    Document as TantivyDocument,
)
from tantivy import FieldType, Index, Occur, Order, Query, Schema, SchemaBuilder, Searcher

from ..errors import Unavailable
from ..store.cursors import Cursors
from ..store.store import Position
from ..text import fold
from .document import ORDERS, Document
from .filters import Search, Sort
from .index import Hits
from .tantivy_folder import IndexFolder

log = logging.getLogger(__name__)

_WORD_FIELDS = ("boat_words", "title_words", "all_words")
_TERM_FIELDS = ("type", "condition", "country", "places", "features")
_FIGURE_FIELDS = ("price", "year", "length")
_HEAP = 60_000_000
_EVERYONE, _NOBODY = "everyone", "nobody"


def _rank_field(order: Sort) -> str:
    return f"by_{order.name.lower()}"


def _schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in _WORD_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in ("owner", "audience", *_TERM_FIELDS):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (*_FIGURE_FIELDS, *map(_rank_field, ORDERS)):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    return builder.build()


SCHEMA = _schema()


class DamagedIndex(Unavailable):
    """The files of an index are not what they should be; a rebuild makes new ones."""


class TantivyEngine:
    """The index in a folder: a reader for every process, a writer for one, and rebuilding."""

    def __init__(self, path: Path, *, secret_key: str) -> None:
        self.folder = IndexFolder(path)
        self.index = TantivyIndex(self.folder, Cursors(secret_key))

    def writer(self) -> TantivyWriter | None:
        """The writing side of the live index; None when there is none, or it is damaged."""
        generation = self.folder.live
        if generation is None or self.folder.position_of(generation) is None:
            return None
        try:
            writer = TantivyWriter(self.folder, generation)
        except DamagedIndex as error:
            log.warning("%s", error)
            return None
        self.folder.clear_old()
        return writer

    @contextmanager
    def rebuilding(self) -> Iterator[TantivyWriter]:
        """A writer of a new index, which goes live when the block ends without an error."""
        with self.folder.building() as generation:
            writer = TantivyWriter(self.folder, generation)
            try:
                yield writer
            finally:
                writer.close()


class TantivyWriter:
    """Writes one generation. Tantivy's own lock keeps other processes out until `close`."""

    def __init__(self, folder: IndexFolder, generation: Path) -> None:
        self._folder, self._generation = folder, generation
        try:
            index = Index(SCHEMA, path=str(generation), reuse=True)
            self._writer = index.writer(_HEAP, 1)
        except ValueError as error:
            if "LockBusy" in str(error):
                raise Unavailable("another process writes the search index") from None
            raise DamagedIndex(f"the search index cannot be written: {error}") from None
        self._changed = False

    @property
    def position(self) -> Position | None:
        return self._folder.position_of(self._generation)

    @property
    def is_live(self) -> bool:
        """Does this still write the index that is read? A rebuild may have put another there."""
        return self._folder.live == self._generation

    def put(self, document: Document) -> None:
        self.remove(document.id)
        self._writer.add_document(_tantivy_document(document))

    def remove(self, id: str) -> None:
        self._writer.delete_documents_by_term("id", id)
        self._changed = True

    def owned_by(self, owner_id: str) -> list[str]:
        self._commit()  # a searcher sees nothing else
        index = Index.open(str(self._generation))
        index.config_reader("manual")
        searcher = index.searcher()
        everything = max(1, searcher.num_docs)
        hits = searcher.search(_term("owner", owner_id), everything, count=False).hits
        return [searcher.doc(address)["id"][0] for _, address in hits]

    def save(self, position: Position) -> None:
        self._commit()
        self._folder.save_position(self._generation, position)

    def _commit(self) -> None:
        if self._changed:
            self._writer.commit()
            self._changed = False

    def close(self) -> None:
        try:
            self._writer.rollback()
            self._writer.wait_merging_threads()
        except BaseException as error:
            # Its folder may be gone: there is nothing left that closing could keep.
            if not _is_of_tantivy(error):
                raise
            log.warning("the search index was closed untidily: %s", error)


def _tantivy_document(document: Document) -> TantivyDocument:
    made = TantivyDocument()
    made.add_text("id", document.id)
    made.add_text("owner", document.owner)
    made.add_text("audience", _EVERYONE if document.is_shown else _NOBODY)
    for name in _WORD_FIELDS:
        made.add_text(name, " ".join(sorted(getattr(document, name))))
    for name in _TERM_FIELDS:
        value = getattr(document, name)
        for term in [value] if isinstance(value, str) else sorted(value or ()):
            made.add_text(name, term)
    for name in _FIGURE_FIELDS:
        if (figure := getattr(document, name)) is not None:
            made.add_unsigned(name, figure)
    for order, rank in document.ranks.items():
        made.add_unsigned(_rank_field(order), rank)
    return made


class TantivyIndex:
    """Reads the live generation, and notices by itself when it was saved or replaced."""

    def __init__(self, folder: IndexFolder, cursors: Cursors) -> None:
        self._folder, self._cursors = folder, cursors
        self._seen: tuple[str | None, Position | None] = (None, None)
        self._index: Index | None = None

    @property
    def position(self) -> Position | None:
        return self._folder.state()[1]

    def search(self, search: Search) -> Hits:
        tiers, whole = _tiers(search), Query.boolean_query(_must(_whole(search)))
        scope = search.model_dump_json(exclude={"limit", "after"})
        tier, last, shown = 0, 0, []
        if search.after is not None:
            tier, last, shown = self._cursors.open(f"search:{scope}", search.after)
        with self._reading() as searcher:
            page = _walk(searcher, tiers, search.order, search.limit + 1, tier, last, shown)
            total = _count(searcher, whole)
        more = len(page) > search.limit
        return Hits(
            ids=[id for _, _, id in page[: search.limit]],
            total=total,
            next=self._cursor(scope, page[: search.limit], last, shown) if more else None,
        )

    @contextmanager
    def _reading(self) -> Iterator[Searcher]:
        """A searcher. Whatever Tantivy complains of while it reads is its files' fault.

        Then the live generation is taken out of service, and the worker makes another.
        """
        try:
            yield self._searcher()
        except Unavailable:
            raise
        except BaseException as error:
            if not _is_of_tantivy(error):
                raise
            log.error("the search index is damaged: %s", error)
            self._folder.condemn(self._folder.state()[0])
            self._index = None
            raise DamagedIndex("the search index is damaged and is being made anew") from None

    def _cursor(
        self, scope: str, page: list[tuple[int, int, str]], last: int, shown: list[str]
    ) -> str:
        """Where the page ended: its tier and rank, and which boats of that very rank were shown."""
        tier, rank, _ = page[-1]
        same = [id for t, r, id in page if (t, r) == (tier, rank)]
        if rank == last:
            same = [*shown, *same]
        return self._cursors.seal(f"search:{scope}", [tier, rank, same])

    def _searcher(self) -> Searcher:
        state = self._folder.state()
        if state[1] is None or (generation := self._folder.live) is None:
            raise Unavailable("the search index is being made; try again in a moment")
        if self._index is None or state[0] != self._seen[0]:
            self._index = Index.open(str(generation))
            self._index.config_reader("manual")
        if state != self._seen:
            self._index.reload()
            self._seen = state
        return self._index.searcher()


def _is_of_tantivy(error: BaseException) -> bool:
    """Tantivy says ValueError, and over some damage it panics: no Exception, and of no module."""
    return isinstance(error, ValueError) or type(error).__name__ == "PanicException"


def _count(searcher: Searcher, query: Query) -> int:
    total: int = searcher.search(query, 1).count  # type: ignore[attr-defined] # stubs lack it
    return total


def _walk(
    searcher: Searcher,
    tiers: Sequence[list[tuple[Occur, Query]]],
    order: Sort,
    wanted: int,
    first: int,
    last: int,
    shown: list[str],
) -> list[tuple[int, int, str]]:
    """Up to `wanted` hits as (tier, rank, id), from a place in the walk on.

    The place is a tier, a rank in it, and the boats of just that rank that came before.
    """
    field = _rank_field(Sort.NEWEST if order is Sort.RELEVANCE else order)
    found: list[tuple[int, int, str]] = []
    for tier in range(first, len(tiers)):
        lowest, skip = (last, set(shown)) if tier == first else (0, set[str]())
        clauses = [*tiers[tier], (Occur.Must, _at_least(field, lowest))]
        hits = searcher.search(
            Query.boolean_query(clauses),
            wanted - len(found) + len(skip),
            count=False,
            order_by_field=field,
            order=Order.Asc,
        ).hits
        for rank, address in hits:
            id = searcher.doc(address)["id"][0]
            if id not in skip and len(found) < wanted:
                found.append((tier, int(rank), id))
        if len(found) >= wanted:
            break
    return found


def _tiers(search: Search) -> list[list[tuple[Occur, Query]]]:
    if search.order is not Sort.RELEVANCE:
        return [_must(_whole(search))]
    filters = _filters(search)
    tiers = []
    better: Query | None = None
    for field in _WORD_FIELDS:
        here = Query.boolean_query(_must(_has_words(field, search.words)))
        clauses = _must([here, *filters])
        if better is not None:
            clauses.append((Occur.MustNot, better))
        tiers.append(clauses)
        better = here
    return tiers


def _whole(search: Search) -> list[Query]:
    """Everything that a boat must fulfil."""
    return [*_has_words("all_words", search.words), *_filters(search)]


def _filters(search: Search) -> list[Query]:
    place = search.location
    wanted = [
        _term("audience", _EVERYONE),
        _figure("price", search.price_range.min, search.price_range.max),
        _figure("year", search.year_range.min, search.year_range.max),
        _figure(
            "length",
            _hundredths(search.length_range.min),
            _hundredths(search.length_range.max),
        ),
        _any_of("type", search.boat_type),
        _any_of("condition", [condition.value for condition in search.condition]),
        _any_of("country", [place.country] if place.country else []),
        _any_of("places", [fold(place.state)] if place.state else []),
        *(_term("features", fold(feature)) for feature in search.features),
    ]
    return [query for query in wanted if query is not None]


def _hundredths(feet: Any) -> int | None:
    return None if feet is None else int(feet * 100)


def _figure(field: str, lowest: int | None, highest: int | None) -> Query | None:
    if lowest is None and highest is None:
        return None
    return Query.range_query(SCHEMA, field, FieldType.Unsigned, lowest, highest)


def _at_least(field: str, rank: int) -> Query:
    return Query.range_query(SCHEMA, field, FieldType.Unsigned, rank, None)


def _any_of(field: str, values: Sequence[str]) -> Query | None:
    return Query.term_set_query(SCHEMA, field, list(values)) if values else None


def _has_words(field: str, words: Sequence[str]) -> list[Query]:
    return [_term(field, word) for word in words]


def _term(field: str, value: str) -> Query:
    return Query.term_query(SCHEMA, field, value, index_option="basic")


def _must(queries: Sequence[Query]) -> list[tuple[Occur, Query]]:
    return [(Occur.Must, query) for query in queries]
