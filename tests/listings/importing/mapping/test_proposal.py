"""What is proposed for the columns of a broker's file."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from marinemarket.listings.importing.mapping.column_headers import fields_named, read_header
from marinemarket.listings.importing.mapping.proposal import Certainty, Proposal, propose
from marinemarket.listings.importing.mapping.vocabulary import column_names, unit_named, value_of

from .files_of_brokers import FILES


def proposed(text: str, separator: str = ",") -> Proposal:
    names, *rows = csv.reader(StringIO(text.strip()), delimiter=separator)
    return propose(names, [dict(zip(names, row, strict=True)) for row in rows])


def held(proposal: Proposal) -> str:
    return " ".join(
        f"{one.field or '-'}{f':{one.unit}' if one.unit else ''}" for one in proposal.columns
    )


def test_the_columns_of_many_brokers_are_understood() -> None:
    assert len(FILES) >= 30
    wrong = []
    for file in FILES:
        proposal = proposed(file.text, file.separator)
        if held(proposal) != file.columns or proposal.questions != file.questions:
            wrong.append((file.text.split("\n")[0], held(proposal), proposal.questions))
    assert wrong == []


@pytest.mark.parametrize(
    ("header", "words", "unit"),
    [
        ("LOA (ft)", ("loa",), "ft"),
        ("Länge ü.a. [m]", ("lange", "u", "a"), "m"),
        ("LengthInFeet", ("length",), "ft"),
        ("length_overall_m", ("length", "overall"), "m"),
        ("Longueur en mètres", ("longueur",), "m"),
        ("Prix TTC (€)", ("prix", "ttc"), "EUR"),
        ("Price US$", ("price",), "USD"),
        ("PS", ("ps",), "PS"),
        ("Built in", ("built", "in"), None),
        ("Photo 12", ("photo",), None),
    ],
)
def test_a_header_is_taken_apart(header: str, words: tuple[str, ...], unit: str | None) -> None:
    found = read_header(header)
    assert (found.words, found.unit) == (words, unit)


def test_values_decide_where_a_name_means_two_things() -> None:
    text = "Länge;Breite;Bootslänge;Preis\n10.1394;54.3233;9,40;9000 €\n9.9937;53.5511;8,10;5000 €"
    assert held(proposed(text, ";")) == "longitude latitude length price"
    text = "Länge;Breite;Preis\n9,40;3,10;9000 €\n8,10;2,80;5000 €"
    assert held(proposed(text, ";")) == "length beam price"


def test_what_is_not_understood_is_named_and_left_out() -> None:
    proposal = proposed("Make,Wobble,Owner Phone,Notizen\nDehler,blue,555,pays late")
    left = [one for one in proposal.columns if one.field is None]
    assert [one.column for one in left] == ["Wobble", "Owner Phone", "Notizen"]
    assert proposal.mapping.left_out(["Make", "Wobble"]) == ["Wobble"]
    assert {one.certainty for one in left} == {Certainty.NONE}


def test_columns_without_telling_names_are_proposed_by_their_values_and_to_be_checked() -> None:
    text = "A,B,C,D\nhttps://x.example/1.jpg,€ 9000,diesel,secret remark\nhttps://x.example/2.jpg,€ 8000,petrol,a"
    proposal = proposed(text)
    assert held(proposal) == "images price fuel -"
    assert {one.certainty for one in proposal.columns[:3]} == {Certainty.LIKELY}
    assert not proposal.is_sure


def test_a_slip_of_the_pen_is_forgiven() -> None:
    assert held(proposed("Manufactuer,Desciption\nDehler,A boat with everything")) == (
        "maker description"
    )


def test_samples_are_few_short_and_of_different_values() -> None:
    rows = "\n".join(["x"] * 5 + ["y" * 500, "z", "w"])
    (column,) = proposed(f"Description\n{rows}").columns
    assert column.samples[0] == "x"
    assert len(column.samples) == 3
    assert len(column.samples[1]) == 80


def test_the_table_says_nothing_twice_in_one_place_and_covers_the_languages() -> None:
    names = column_names()
    languages = {one.language for found in names.values() for one in found}
    assert {"en", "de", "fr", "es", "it", "nl", "sv", "da", "nb", "fi", "pl", "pt"} <= languages
    for header in ("Stock No", "Make", "Année", "Bouwjaar", "Hersteller", "Constructeur", "Eslora"):
        assert max(named.score for named in fields_named(read_header(header)).values()) == 1
    assert (unit_named("Fuß"), unit_named("€"), unit_named("boats")) == ("ft", "EUR", None)
    assert value_of("hullMaterial", "GFK") == "fiberglass"
    assert value_of("type", "Zeiljacht") == "sailboat"
