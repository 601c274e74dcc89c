"""A mapping as a TOML file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from marinemarket.errors import Invalid
from marinemarket.listings.importing.mapping.mapped_row import draft_of
from marinemarket.listings.importing.mapping.mapping import WithoutPrice
from marinemarket.listings.importing.mapping.mapping_file import (
    mapping_in,
    mapping_text,
    read_mapping,
)
from marinemarket.listings.importing.mapping.proposal import propose, propose_for
from marinemarket.listings.importing.mapping.recognition import known_format
from marinemarket.listings.importing.mapping.template import COLUMNS, template_csv, template_xlsx
from marinemarket.listings.importing.source_file import SourceFile
from marinemarket.listings.listing import Money

from .files_of_brokers import FILES
from .test_proposal import proposed


def test_what_is_written_is_read_back_as_it_was() -> None:
    for file in FILES:
        proposal = proposed(file.text, file.separator)
        assert mapping_in(mapping_text(proposal, "boats.csv")) == proposal.mapping


def test_columns_and_values_may_hold_any_sign(tmp_path: Path) -> None:
    column = 'Preis "netto"\\ # [€]\x7f'
    proposal = propose([column, "Make"], [{column: "12\r\n\x00\x1b000", "Make": "Dehler"}])
    path = tmp_path / "mapping.toml"
    path.write_text("\ufeff" + mapping_text(proposal, "a\nb.csv"), encoding="utf-8")
    assert read_mapping(path) == proposal.mapping


def test_samples_and_questions_stand_beside_what_they_are_about() -> None:
    text = mapping_text(
        proposed("Make,Length,Price,Owner\nDehler,34,9000,Jo\nDehler,29,8000,Al"), "b"
    )
    assert '"Length" = "length"  # 34 | 29' in text
    assert '"Owner" = ""  # left out · Jo | Al' in text
    assert (
        '# Please check: Are lengths without a unit in feet or metres?\nlengthUnit = "ft"' in text
    )
    assert '# country = ""' in text


def test_a_file_corrected_by_hand_says_what_it_says() -> None:
    mapping = mapping_in(
        '[everywhere]\ncountry = "DE"\nlengthUnit = "m"\nwithoutPrice = "onRequest"\n'
        '[columns]\nLOA = { field = "loa", unit = "ft" }\nTyp = "model"\nOwner = ""\n'
    )
    assert (mapping.country, mapping.length_unit) == ("DE", "m")
    assert mapping.without_price is WithoutPrice.ON_REQUEST
    assert [(rule.column, rule.field, rule.unit) for rule in mapping.columns] == [
        ("LOA", "loa", "ft"),
        ("Typ", "model", None),
    ]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("[columns", "--mapping"),
        ("columns = 3", "--mapping"),
        ("[colums]\nA = 'title'", "colums"),
        ("[columns]\nA = 3", "A"),
        ("[columns]\nA = { field = 'length', unti = 'm' }", "A"),
        ("[everywhere]\ncounty = 'DE'", "county"),
        ("[everywhere]\nwithoutPrice = 'maybe'", "withoutPrice"),
        ("[everywhere]\ncountry = 3", "country"),
    ],
)
def test_a_file_that_says_something_else_is_refused_with_the_place(text: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        mapping_in(text)
    assert [error.field for error in refused.value.errors] == [field]


@pytest.mark.parametrize(
    ("names", "format"),
    [
        (["title", "location.country", "boatDetails.type", "Foo"], "csv"),
        (["title", "price", "description"], "csv"),
        (["title", "price", "year"], None),
        (["Price", "Boat Type", "Manufacturer", "Type", "Year Built", "Length", "Width", "Material",
          "Location", "More"], "boat24"),
        (["Stock No", "Make"], None),
    ],
)  # fmt: skip
def test_files_in_our_own_formats_need_no_mapping(names: list[str], format: str | None) -> None:
    found = known_format(names)
    assert (found.name if found else None) == format


@pytest.mark.parametrize("make", [template_csv, template_xlsx])
def test_the_template_holds_what_it_says_and_its_explanations_are_no_boats(
    make: Callable[[], bytes],
) -> None:
    proposal = propose_for(SourceFile(make()))
    assert [(one.column, one.field) for one in proposal.columns] == [
        (one.header, one.field) for one in COLUMNS
    ]
    (explanation, example) = SourceFile(make())
    for row in (explanation, example):
        with pytest.raises(Invalid, match="explains the template"):
            draft_of(proposal.mapping, row.cells or {})
    boat = draft_of(proposal.mapping, (example.cells or {}) | {"Reference": "B1"})
    assert boat.asked == Money(amount=4_500_000, currency="EUR")
    assert boat.payload["location"] == {"country": "DE", "city": "Kappeln"}
