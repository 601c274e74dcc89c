"""The drawings that replace missing photos."""

from __future__ import annotations

from itertools import product
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marinemarket.media.illustration import BOAT_TYPES, VIEWS, draw, placeholder

LIMIT = 14 * 1024
SVG = "{http://www.w3.org/2000/svg}"
REQUIRED = {
    "bowrider",
    "cabin-cruiser",
    "catamaran",
    "center-console",
    "classic",
    "cuddy-cabin",
    "day-sailer",
    "deck-boat",
    "dinghy",
    "express-cruiser",
    "fishing-boat",
    "flybridge",
    "houseboat",
    "inflatable",
    "launch",
    "mega-yacht",
    "motor-yacht",
    "motorboat",
    "motorsailer",
    "pilothouse",
    "pontoon",
    "power-catamaran",
    "runabout",
    "sailboat",
    "ski-boat",
    "sport-boat",
    "trawler",
    "trimaran",
    "workboat",
    "other",
}
DRAWN = {"svg", "title", "g", "path", "circle", "clipPath"}


def _check(svg: str) -> ElementTree.Element:
    """Check what every drawing must satisfy, and return its root element."""
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    assert root.get("viewBox")
    assert root.get("role") == "img"
    assert (root.findtext(f"{SVG}title") or "").strip()
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= DRAWN
    names = {name for element in root.iter() for name in element.attrib}
    assert not [name for name in names if "href" in name or name.startswith("on")]
    assert "style" not in names
    assert svg.count("http") == 1  # the namespace, and nothing else
    assert "nan" not in svg
    assert len(svg.encode()) < LIMIT
    return root


def test_every_type_the_market_knows_can_be_drawn() -> None:
    assert set(BOAT_TYPES) == REQUIRED


@pytest.mark.parametrize(("boat_type", "view"), list(product(BOAT_TYPES, range(VIEWS))))
def test_a_drawing_is_small_self_contained_and_inert(boat_type: str, view: int) -> None:
    for seed in range(8):
        _check(draw(boat_type, seed=seed, view=view))


@pytest.mark.parametrize("boat_type", BOAT_TYPES)
def test_a_placeholder_is_small_self_contained_and_inert(boat_type: str) -> None:
    svg = placeholder(boat_type)
    _check(svg)
    assert svg == placeholder(boat_type)


@given(
    boat_type=st.sampled_from(BOAT_TYPES),
    seed=st.integers(),
    view=st.integers(0, VIEWS - 1),
)
@settings(max_examples=60, deadline=None)
def test_the_same_arguments_give_the_same_bytes(boat_type: str, seed: int, view: int) -> None:
    first = draw(boat_type, seed=seed, view=view)
    assert first == draw(boat_type, seed=seed, view=view)
    _check(first)


@pytest.mark.parametrize("boat_type", BOAT_TYPES)
def test_seeds_and_views_differ(boat_type: str) -> None:
    pictures = {draw(boat_type, seed=seed, view=view) for seed in range(12) for view in (0, 1)}
    assert len(pictures) == 24
    assert len({draw(boat_type, seed=3, view=view) for view in range(VIEWS)}) == VIEWS


def test_types_differ() -> None:
    assert len({placeholder(boat_type) for boat_type in BOAT_TYPES}) == len(BOAT_TYPES)


def test_identifiers_are_unique_to_a_drawing() -> None:
    # Two drawings may be inlined in one page, where clip paths share a namespace.
    def ids(seed: int) -> set[str]:
        root = ElementTree.fromstring(draw("sailboat", seed=seed))
        return {element.attrib["id"] for element in root.iter() if "id" in element.attrib}

    assert ids(1)
    assert not ids(1) & ids(2)


def test_an_unknown_type_is_named_in_the_error() -> None:
    with pytest.raises(ValueError, match="submarine"):
        draw("submarine", seed=1)
    with pytest.raises(ValueError, match="submarine"):
        placeholder("submarine")


@pytest.mark.parametrize("view", [-1, VIEWS])
def test_an_unknown_view_is_refused(view: int) -> None:
    with pytest.raises(ValueError, match="view"):
        draw("sailboat", seed=1, view=view)


@pytest.mark.parametrize(("width", "height"), [(0, 640), (960, -1)])
def test_an_empty_picture_is_refused(width: int, height: int) -> None:
    with pytest.raises(ValueError, match="picture"):
        draw("sailboat", seed=1, width=width, height=height)


@pytest.mark.parametrize(("width", "height"), [(960, 640), (480, 480), (1600, 400), (300, 900)])
def test_other_proportions_show_more_scene_and_never_less_boat(width: int, height: int) -> None:
    for view in range(VIEWS):
        root = _check(draw("trawler", seed=5, view=view, width=width, height=height))
        assert (root.get("width"), root.get("height")) == (str(width), str(height))
        left, top, wide, high = map(float, root.attrib["viewBox"].split())
        assert left <= 0
        assert top <= 0
        assert left + wide >= 960
        assert top + high >= 640
        assert wide / high == pytest.approx(width / height, rel=0.01)
