"""The index files: few, however often it is saved, and without removed boats."""

from __future__ import annotations

from pathlib import Path

import pytest

from marinemarket.search.columns import segment_builder
from marinemarket.search.columns.engine import ColumnsEngine
from marinemarket.search.columns.index_folder import Contents
from marinemarket.search.columns.segment import Segment
from marinemarket.search.document import document_of
from marinemarket.search.filters import Search
from marinemarket.search.finder import look_up
from tests.builders import NOW, a_listing

from .engines import SECRET

pytestmark = pytest.mark.anyio


def _contents(engine: ColumnsEngine) -> tuple[Path, Contents]:
    live = engine.folder.live
    assert live is not None
    contents = engine.folder.contents_of(live)
    assert contents is not None
    return live, contents


async def test_many_small_saves_leave_few_files(tmp_path: Path) -> None:
    engine = ColumnsEngine(tmp_path / "search", secret_key=SECRET)
    async with engine.rebuilding() as building:
        await building.save("feed:0")
    writer = await engine.writer()
    assert writer is not None
    for number in range(120):
        await writer.put(document_of(a_listing(name=f"boat {number}")))
        await writer.save(f"feed:{number}")
    writer.close()
    live, contents = _contents(engine)
    assert len(contents.parts) < 16
    assert sum(Segment(live / part.segment).rows for part in contents.parts) == 120
    named = {name for part in contents.parts for name in (part.segment, part.live) if name}
    assert {path.name for path in live.glob("[sl]-*")} == named, "what is over is cleared away"


async def test_a_boat_that_changes_often_is_kept_once_or_little_more(tmp_path: Path) -> None:
    engine = ColumnsEngine(tmp_path / "search", secret_key=SECRET)
    async with engine.rebuilding() as writer:
        for number in range(100):
            await writer.put(document_of(a_listing(name=f"boat {number}")))
        await writer.save("feed:0")
        for change in range(1, 400):
            boat = a_listing(name=f"boat {change % 100}", title=f"Change {change}")
            await writer.put(document_of(boat))
            await writer.save(f"feed:{change}")
    live, contents = _contents(engine)
    assert sum(Segment(live / part.segment).rows for part in contents.parts) < 200


async def test_a_segment_that_lost_many_boats_is_written_anew(tmp_path: Path) -> None:
    engine = ColumnsEngine(tmp_path / "search", secret_key=SECRET)
    boats = [a_listing(name=f"boat {number}") for number in range(100)]
    async with engine.rebuilding() as writer:
        for boat in boats:
            await writer.put(document_of(boat))
        await writer.save("feed:0")
        for boat in boats[:60]:
            await writer.remove(boat.id, boat.updated_at + 1)
        await writer.save("feed:1")
    live, contents = _contents(engine)
    assert [Segment(live / part.segment).rows for part in contents.parts] == [40]


@pytest.mark.parametrize("sort", ["price", "-price"])
async def test_a_page_of_many_boats_is_found_by_walking_their_order(
    tmp_path: Path, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many boats have the same price: the walk must not stop among them."""
    monkeypatch.setattr(segment_builder, "_WALKED_FROM", 100)
    engine = ColumnsEngine(tmp_path / "search", secret_key=SECRET)
    prices = {f"boat {n}": 1_000_000 + n % 5 * 100_000 for n in range(200)}
    boats = [a_listing(name=name, price=price) for name, price in prices.items()]
    async with engine.rebuilding() as writer:
        for boat in boats:
            await writer.put(document_of(boat))
        await writer.save("feed:0")
    hits, _ = await look_up(engine.index, Search.parse({"sort": sort, "limit": 50}), NOW)
    of_boat = {boat.id: boat.price or 0 for boat in boats}
    expected = sorted(of_boat.values(), reverse=sort == "-price")[:50]
    assert hits.total == 200
    assert len(set(hits.ids)) == 50
    assert [of_boat[id] for id in hits.ids] == expected
    # A first page of one boat, so that the next is looked for at the very first place.
    ids: list[str] = []
    after: str | None = None
    while len(ids) < len(boats):
        page = {"sort": sort} | ({"limit": 15, "after": after} if after else {"limit": 1})
        hits, _ = await look_up(engine.index, Search.parse(page), NOW)
        assert hits.ids
        ids, after = [*ids, *hits.ids], hits.next
    assert sorted(ids) == sorted(of_boat)
    assert [of_boat[id] for id in ids] == sorted(of_boat.values(), reverse=sort == "-price")
