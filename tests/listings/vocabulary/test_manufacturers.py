"""Makers' names in a standard spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.listings.vocabulary.manufacturers import maker_name
from marinemarket.text import clean_line


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Sea Ray power boats", "Sea Ray"),
        ("SEARAY", "Sea Ray"),
        ("BÉNÉTEAU", "Beneteau"),
        ("Bénéteau power boats", "Beneteau"),
        ("Hallberg Rassy", "Hallberg-Rassy"),
        ("hallberg-rassy sailboats", "Hallberg-Rassy"),
        ("Sessa Marine power boats", "Sessa"),
        ("RM Yachts (Fora Marine)", "RM"),
        ("Princess Yachts", "Princess"),
        ("J/Boats", "J Boats"),
        ("Fjord Motorboats (Hanse Group) power boats", "Fjord"),
        ("Quicksilver (Brunswick Marine) power boats", "Quicksilver"),
        ("Jan Janssen Scheepsbouw", "Jan Janssen Scheepsbouw"),
        ("  Jan   Janssen  ", "Jan Janssen"),
        ("Yachts", "Yachts"),
        ("power boats", "power boats"),
        ("", None),
        (" \t ", None),
    ],
)
def test_a_maker_has_one_spelling(typed: str, name: str | None) -> None:
    assert maker_name(typed) == name


@given(st.text(max_size=40))
def test_the_standard_spelling_is_stable(text: str) -> None:
    name = maker_name(clean_line(text))
    assert name is None or maker_name(name) == name


@pytest.mark.parametrize("text", ["(" * 1_000_000, "(a)" * 300_000, " x" * 300_000])
def test_no_text_takes_too_long(text: str) -> None:
    # Before there was a limit, the first of these never finished.
    assert maker_name(text) == " ".join(text.split())
