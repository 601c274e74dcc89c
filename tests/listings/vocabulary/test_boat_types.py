"""The vocabulary of boat types."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.listings.vocabulary.boat_types import BOAT_TYPES, BY_NAME, BoatType, boat_type_of
from marinemarket.text import words


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Sail Boat", "sailboat"),
        ("sailboat", "sailboat"),
        ("SAILBOATS", "sailboat"),
        ("Sea-going sloop", None),
        ("Sloop", "sailboat"),
        ("Center console boat", "center-console"),
        ("Centre Console", "center-console"),
        ("Inflatable / RIB", "inflatable"),
        ("Mega Yacht", "mega-yacht"),
        ("Motoryacht", "motor-yacht"),
        ("  Motor   Yacht ", "motor-yacht"),
        ("Classic,Motor Yacht", "motor-yacht"),
        ("Sloep; Classic", "launch"),
        ("Classic", "classic"),
        ("teapot", None),
        ("teapot, ketch", "sailboat"),
        ("", None),
        ("/,;|", None),
        ("Сейлбот", None),
    ],
)
def test_a_type_is_known_by_any_of_its_names(typed: str, name: str | None) -> None:
    assert boat_type_of(typed) == name


def test_no_name_means_two_types() -> None:
    named = Counter(
        (" ".join(words(name)), boat_type.name)
        for boat_type in BOAT_TYPES
        for name in {boat_type.name, boat_type.label, boat_type.plural, *boat_type.also}
    )
    meanings = Counter(spelling for spelling, _ in named)
    assert [spelling for spelling, count in meanings.items() if count > 1] == []


@pytest.mark.parametrize("boat_type", BOAT_TYPES, ids=lambda boat_type: boat_type.name)
def test_every_name_of_a_type_leads_to_it(boat_type: BoatType) -> None:
    name, label, plural, also = boat_type
    assert {boat_type_of(text) for text in (name, label, plural, *also)} == {name}
    assert BY_NAME[name] is boat_type


@given(st.text())
def test_any_text_is_a_type_or_none(text: str) -> None:
    assert boat_type_of(text) in {None, *BY_NAME}
