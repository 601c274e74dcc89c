"""The meaning of words: hand-written cases that pin down the analyser, which the oracle shares."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from marinemarket.listings.listing import Listing
from marinemarket.search.columns.engine import ColumnsEngine
from marinemarket.search.document import document_of
from marinemarket.search.filters import Search
from marinemarket.search.finder import look_up
from marinemarket.search.quantities import figures_in
from marinemarket.search.query_parser import begin
from tests.builders import NOW, a_listing

from .engines import SECRET

pytestmark = pytest.mark.anyio

FEET, CENTS = 100, 100


@pytest.mark.parametrize(
    ("text", "field", "lowest", "highest"),
    [
        ("under 50k", "price", None, 50_000 * CENTS),
        ("below $50,000", "price", None, 50_000 * CENTS),
        ("max 1.2 million", "price", None, 1_200_000 * CENTS),
        ("under 1.2m", "price", None, 1_200_000 * CENTS),
        ("from 20k to 30k", "price", 20_000 * CENTS, 30_000 * CENTS),
        ("between 20000 and 40000", "price", 20_000 * CENTS, 40_000 * CENTS),
        ("20-30k", "price", 20_000 * CENTS, 30_000 * CENTS),
        ("$25,000 or less", "price", None, 25_000 * CENTS),
        ("over 100.000 dollars", "price", 100_000 * CENTS, None),
        ("32ft", "length", 3150, 3250),
        ("32 feet", "length", 3150, 3250),
        ("32'", "length", 3150, 3250),
        ("32-foot", "length", 3150, 3250),
        ("9.8 m", "length", 3182, 3248),
        ("9,8m", "length", 3182, 3248),
        ("30-35 ft", "length", 30 * FEET, 35 * FEET),
        ("10 to 12 meters", "length", 3281, 3937),
        ("under 40 ft", "length", None, 40 * FEET),
        ("over 12 metres", "length", 3937, None),
        ("fits my 40 ft slip", "length", None, 40 * FEET),
        ("draft under 5 ft", "draft", None, 5 * FEET),
        ("max draft 1.5m", "draft", None, 492),
        ("1.5 m draught", "draft", None, 492),
        ("air draft max 63'", "air_draft", None, 63 * FEET),
        ("fits under a 20 ft bridge", "air_draft", None, 20 * FEET),
        ("beam under 3 m", "beam", None, 984),
        ("2015 or newer", "year", 2015, None),
        ("2015+", "year", 2015, None),
        ("newer than 2015", "year", 2016, None),
        ("before 2000", "year", None, 1999),
        ("2010-2015", "year", 2010, 2015),
        ("1990s", "year", 1990, 1999),
        ("less than 500 hours", "hours", None, 500),
        ("3 cabins", "cabins", 3, None),
        ("6 berths", "berths", 6, None),
        ("draft under 4'6\"", "draft", None, 450),
        ('draft less than 18"', "draft", None, 150),
        ("draft under 18 inches", "draft", None, 150),
        ("draft under 4½ ft", "draft", None, 450),
        ("draft 90 cm", "draft", None, 295),
        ("draft 1.5m or less", "draft", None, 492),
        ("draft < 1,5 m", "draft", None, 492),
        ("beam under 259 cm", "beam", None, 850),
        ("beam 8 ft or less", "beam", None, 8 * FEET),
        ("air draft under 19'6\"", "air_draft", None, 1950),
        ("32'6\" sailboat", "length", 3200, 3300),
        ("32 ft 6 in sailboat", "length", 3200, 3300),
        ("32 1/2 ft sloop", "length", 3200, 3300),
        ("<30ft", "length", None, 30 * FEET),
        ("‹30ft", "length", None, 30 * FEET),
        ("≤ 30 ft", "length", None, 30 * FEET),
        ("30ft max", "length", None, 30 * FEET),
        ("no longer than 30 ft", "length", None, 30 * FEET),
        ("›=30ft", "length", 30 * FEET, None),
        ("≥30ft", "length", 30 * FEET, None),
        ("40+ ft", "length", 40 * FEET, None),
        ("not less than 30 ft", "length", 30 * FEET, None),
        ("1067 cm", "length", 3451, 3551),
        ("<$50k", "price", None, 50_000 * CENTS),
        ("‹=$50,000", "price", None, 50_000 * CENTS),
        ("price < 50000", "price", None, 50_000 * CENTS),
        ("price max 900", "price", None, 900 * CENTS),
        ("under 50.000", "price", None, 50_000 * CENTS),
        ("not older than 2010", "year", 2010, None),
        ("year >= 2010", "year", 2010, None),
        ("not newer than 2010", "year", None, 2010),
    ],
)
def test_a_figure_is_read(text: str, field: str, lowest: int | None, highest: int | None) -> None:
    [figure] = figures_in(f"nice {text}, please")
    span = figure.span
    assert (figure.field, span.lowest, span.highest) == (field, lowest, highest)


@pytest.mark.parametrize(
    "text",
    [
        "oceanis 38",
        "bayliner 2052",
        "first 36.7",
        "under 30",
        "275",
        "2015",
        "boat of the year",
        "36.7.1",
        "",
    ],
)
def test_a_figure_that_says_not_what_it_counts_is_a_word(text: str) -> None:
    assert figures_in(text) == []


async def _found(tmp_path: Path, query: str) -> list[str]:
    """The names in `BOATS` of the boats that a query finds, in order."""
    engine = ColumnsEngine(tmp_path / "search", secret_key=SECRET)
    listings = {name: _boat(name, **text) for name, text in BOATS.items()}
    async with engine.rebuilding() as writer:
        for listing in listings.values():
            await writer.put(document_of(listing))
        await writer.save("feed:1")
    hits, _ = await look_up(engine.index, Search(query=query), NOW)
    names = {listing.id: name for name, listing in listings.items()}
    return [names[id] for id in hits.ids]


def _boat(name: str, *, boat: dict[str, Any] | None = None, **overrides: Any) -> Listing:
    nameless = {"manufacturer": None, "model": None} | (boat or {})
    return a_listing(
        name=name, boat=nameless, **{"title": f"Boat {name}", "description": None} | overrides
    )


BOATS: dict[str, dict[str, Any]] = {
    "beneteau": {"boat": {"manufacturer": "Beneteau", "model": "Oceanis 40"}},
    "sea_ray": {"boat": {"manufacturer": "Sea Ray", "model": "320", "type": "express-cruiser"}},
    "bayliner": {"boat": {"manufacturer": "Bayliner", "type": "bowrider", "fuel": "gasoline"}},
    "mako": {"boat": {"manufacturer": "Mako", "type": "center-console"}},
    "rassy": {
        "boat": {"manufacturer": "Hallberg-Rassy"},
        "description": "With an I/O? No: a sail drive.",
    },
    "rib": {"boat": {"manufacturer": "Zar", "type": "motorboat", "hullMaterial": "hypalon"}},
    "hunting": {"description": "We were hunting for a Hunter; air conditioned, one owner."},
    "hunter": {"boat": {"manufacturer": "Hunter"}},
    "kiel": {
        "location": {"country": "DE", "city": "Kiel"},
        "boat": {"type": "trawler"},
        "sellerKind": "private",
    },
    "annapolis": {
        "sellerKind": "broker",
        "location": {"country": "US", "state": "MD", "city": "Annapolis"},
        "boat": {"type": "catamaran"},
    },
}


def test_money_of_other_countries_is_a_price() -> None:
    for text in ("100.000 euro", "100 000 euros", "€100.000", "under 100k €", "100 tsd €"):
        [price] = figures_in(text)
        assert (price.field, price.start, price.end) == ("price", 0, len(text))
        assert price.span == figures_in("under EUR 100000")[0].span
    [both] = figures_in("20-30k €")
    assert both.span.lowest == figures_in("under EUR 20000")[0].span.highest


def test_prices_are_read_in_the_currency_they_name_wherever_it_stands() -> None:
    for text, meant in (
        ("under ₹28,50,000", "INR 2850000"), ("below 3,10,000 INR", "INR 310000"), ("under ₹28.5 lakh", "INR 2850000"),
        ("up to 3 million yen", "JPY 3000000"), ("under JPY 3,000,000", "JPY 3000000"), ("300万円", "JPY 3000000"),
        ("max R$ 180.000", "BRL 180000"), ("under 800 000 HKD", "HKD 800000"), ("max 85.000:- SEK", "SEK 85000"),
        ("CHF 85'000.-", "CHF 85000"), ("under ₪300,000", "ILS 300000"),
    ):  # fmt: skip
        [price] = figures_in(text)
        assert (price.start, price.end) == (0, len(text))
        assert price.span == figures_in(f"under {meant}")[0].span, text
    for text in ("€ 35.000 - 52.000", "35.000 - 52.000 €", "between €35.000 and 52.000"):
        [both] = figures_in(text)
        ends = [figures_in(f"under EUR {amount}")[0].span.highest for amount in (35_000, 52_000)]
        assert [both.span.lowest, both.span.highest] == ends
    [price] = figures_in("under $40k and 3 heads")
    assert price.span.highest == 4_000_000


def test_a_figure_with_two_meanings_is_left_out_and_shown() -> None:
    for text in (
        "under 350 000 kr",
        "max 350.000:- kr",
        "over 30 lakh",
        "under ¥900,000",
        "under 9,144 m",
    ):
        found = begin(f"sloop {text}")
        assert found.found.spans == {}
        assert [(part.kind, part.label) for part in found.found.parts] == [("unknown", text)]


def test_a_sign_of_comparison_before_a_year_alone_means_years() -> None:
    for text, ends in (
        ("sloop > 2011", (2012, None)), (">= 2011", (2011, None)), ("≥2011", (2011, None)), ("< 2011", (None, 2010)),
        ("≤ 2011 sloop", (None, 2011)),
    ):  # fmt: skip
        [year] = figures_in(text)
        assert (year.field, year.span.lowest, year.span.highest) == ("year", *ends)
    for text in ("price < 2000", "hours < 2000", "< 2000 lbs", "> 2000 €", "< 2000 hours"):
        assert "year" not in [one.field for one in figures_in(text)]


def test_drafts_and_beams_may_have_both_ends() -> None:
    for text in (
        "draft between 4 and 6 ft",
        "draft 4-6 ft",
        "draft: from 4' to 6'",
        "between 4 and 6 ft draft",
    ):
        [draft] = figures_in(text)
        assert (draft.field, draft.span.lowest, draft.span.highest) == ("draft", 400, 600)
    assert [one.field for one in figures_in("beam 9 ft and 38 ft length")] == ["beam", "length"]


def test_a_bound_that_no_filter_has_is_left_out_and_shown() -> None:
    for text in ("under 8,000 lbs", "over 200 gallons", "max 2 tons"):
        found = begin(f"sloop {text}")
        assert found.found.spans == {}
        assert [(part.kind, part.label) for part in found.found.parts] == [("unknown", text)]
        assert found.rest.split() == ["sloop"]


def test_a_number_behind_feet_is_no_inches_without_their_sign() -> None:
    assert [one.field for one in figures_in("30' 2 berths")] == ["length", "berths"]
    assert [one.field for one in figures_in("40 ft 3 cabins")] == ["length", "cabins"]


def test_a_mark_behind_a_digit_is_inches_and_no_quotation() -> None:
    spans = begin("draft under 4'6\" beam under 8'6\"").found.spans
    assert {name: span.highest for name, span in spans.items()} == {"draft": 450, "beam": 850}
    assert begin('"bavaria 38" under 40 ft').rest.strip() == '"bavaria 38"'


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("benetau", ["beneteau"]),
        ("Bénéteau", ["beneteau"]),
        ("bneeteau oceanus", ["beneteau"]),
        ("benet", ["beneteau"]),
        ("oceanis40", ["beneteau"]),
        ("searay", ["sea_ray"]),
        ("sea ray", ["sea_ray"]),
        ("bay liner", ["bayliner"]),
        ("centre consol", ["mako"]),
        ("CC", ["mako"]),
        ("hallberg rasy", ["rassy"]),
        ("hallbergrassy", ["rassy"]),
        ("stern drive", ["rassy"]),
        ("petrol", ["bayliner"]),
        ("rib", ["rib"]),
        ("hunter", ["hunter", "hunting"]),
        ("hunters", ["hunter", "hunting"]),
        ("air conditioning", ["hunting"]),
        ("single owner", ["hunting"]),
        ("near Kiel", ["kiel"]),
        ("in Germany", ["kiel"]),
        ("Deutschland", ["kiel"]),
        ("around the baltic", ["kiel"]),
        ("within 30 miles of Baltimore", ["annapolis"]),
        ("in Maryland", ["annapolis"]),
        ("in MD", ["annapolis"]),
        ("near the Chesapeake", ["annapolis"]),
        ("cat", ["annapolis"]),
        ('"benetau"', []),
        ("benetau blahblahblah", ["beneteau"]),
        ("hunter hunter hunter", ["hunter", "hunting"]),
        ("blahblahblah", []),
        ("boat for sale in Maryland", ["annapolis"]),
        ("for sale by owner", ["kiel"]),
        ("By Owner in Germany", ["kiel"]),
        ("from a private seller", ["kiel"]),
        ("from a yacht broker in MD", ["annapolis"]),
        ("in Germany from dealers", []),
        ('"by owner"', []),
    ],
)
async def test_words_find_what_is_meant(tmp_path: Path, query: str, names: list[str]) -> None:
    assert await _found(tmp_path, query) == names


async def test_no_words_whatsoever_make_an_error(tmp_path: Path) -> None:
    odd = [
        '"', '""', '"a', "in", "near", "near near", "in in in", "within 5 miles of", "~trawler", "+x", "@fl", "@",
        "\u202e", "ß" * 500, "a " * 250, "under", "under under 5k", "5k" * 200, "(*)[?]^$", "\\", "İ" * 300,
        "near 'quoted \" place", "1/2", "½ ft", "٣٢ ft", "32ft" * 100, "-" * 500, "a'b'c", "%00", "𝐁𝐞𝐧𝐞𝐭𝐞𝐚𝐮", "船",
    ]  # fmt: skip
    for query in odd:
        await _found(tmp_path, query)


async def test_a_word_typed_twice_is_looked_for_once(tmp_path: Path) -> None:
    engine = ColumnsEngine(tmp_path / "search", secret_key=SECRET)
    async with engine.rebuilding() as writer:
        await writer.put(document_of(a_listing()))
        await writer.save("feed:1")
    _, question = await look_up(engine.index, Search(query="beneteau " * 32), NOW)
    assert len(question.wanted.words) == 1


async def test_of_more_words_than_are_read_the_first_are_understood(tmp_path: Path) -> None:
    engine = ColumnsEngine(tmp_path / "search", secret_key=SECRET)
    async with engine.rebuilding() as writer:
        await writer.put(document_of(a_listing()))
        await writer.save("feed:1")
    for query in ("beneteau oceanis " + "a " * 100, 'oceanis "' + "beneteau " * 50 + '"'):
        hits, question = await look_up(engine.index, Search(query=query), NOW)
        assert hits.total == 1
        assert len(question.wanted.words) <= 32
    _, question = await look_up(engine.index, Search(query="beneteau " + "a " * 100), NOW)
    assert [part.kind for part in question.parts if part.kind != "word"] == ["beyond"]


async def test_of_equal_matches_the_fuller_and_the_newer_come_first(tmp_path: Path) -> None:
    """A full advert ranks like a bare one that is a few weeks newer, and no higher."""
    day = 86_400_000
    full = {"description": "Kept dry.", "features": ["Radar"], "images": ["/a.webp"]}
    bare = {"description": None, "boat": {"year": None, "length": None}}
    ages: dict[str, tuple[int, dict[str, Any]]] = {
        "full, today": (0, full), "bare, today": (0, bare), "full, a week old": (7, full),
        "full, a year old": (365, full),
    }  # fmt: skip
    engine = ColumnsEngine(tmp_path / "search", secret_key=SECRET)
    made = {
        name: a_listing(name=name, createdAt=NOW - days * day, **text)
        for name, (days, text) in ages.items()
    }
    async with engine.rebuilding() as writer:
        for listing in made.values():
            await writer.put(document_of(listing))
        await writer.save("feed:1")
    hits, _ = await look_up(engine.index, Search(query="oceanis"), NOW)
    names = {listing.id: name for name, listing in made.items()}
    assert [names[id] for id in hits.ids] == [
        "full, today", "full, a week old", "bare, today", "full, a year old",
    ]  # fmt: skip
