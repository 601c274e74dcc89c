"""Lengths, weights, power and other figures with a unit."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.figures.hours import read_hours
from marinemarket.figures.lengths import read_feet, typed_feet
from marinemarket.figures.power import read_horsepower
from marinemarket.figures.speeds import read_knots
from marinemarket.figures.volumes import read_litres
from marinemarket.figures.weights import read_pounds, typed_pounds
from marinemarket.figures.writing import Ambiguous


@pytest.mark.parametrize(
    ("typed", "in_feet"),
    [
        ("32.5", "32.5"), ("32.5'", "32.5"), ("32'", "32"), ("40 feet", "40"), ("32½", "32.5"), ("4½ ft", "4.5"),
        ("32'6\"", "32.5"), ("32' 6½\"", "32.5417"), ("32'-6\"", "32.5"), ("32’6”", "32.5"), ("32′ 6″", "32.5"),
        ("32'6''", "32.5"), ("32'6", "32.5"), ("32 ft 6 in", "32.5"), ("32 ft. 6 in.", "32.5"), ("32ft6", "32.5"),
        ("32 feet, 6 inches", "32.5"), ("32 feet and 6 inches", "32.5"), ("32' 6 1/2\"", "32.5417"), ("32'0\"", "32"),
        ("36 pieds", "36"), ("12 Fuß", "12"), ("32 фута", "32"),
        ("18\"", "1.5"), ("18 in", "1.5"), ("18 inches", "1.5"), ("18 Zoll", "1.5"), ("22½ in", "1.875"),
        ("9,91 metres", "32.5131"), ("10.67 meter", "35.0066"), ("10,67 Meter", "35.0066"), ("10.67 mètres", "35.0066"),
        ("10 m", "32.8084"), ("10m", "32.8084"), ("10 m 67", "35.0066"), ("10m67", "35.0066"), ("m 10,67", "35.0066"),
        ("mt. 10,67", "35.0066"), ("10,67 metri", "35.0066"), ("10 метров", "32.8084"),
        ("1067 cm", "35.0066"), ("1,067 cm", "35.0066"), ("10670 mm", "35.0066"), ("10.670 mm", "35.0066"),
        ("32 ft (9.75 m)", "32"), ("9.75 m / 32 ft", "31.9882"), ("１０ｍ", "32.8084"),
    ],
)  # fmt: skip
def test_a_length_is_read_in_whatever_unit_is_typed(typed: str, in_feet: str) -> None:
    for unit in ("ft", "m"):
        if unit == "ft" or typed.strip("0123456789.,½"):
            assert round(read_feet(typed, unit=unit), 4) == Decimal(in_feet)


def test_a_length_without_a_unit_is_in_that_of_the_form() -> None:
    assert round(read_feet("10", unit="m"), 4) == Decimal("32.8084")
    assert round(read_feet("1067", unit="cm"), 4) == Decimal("35.0066")
    assert read_feet("18", unit="in") == Decimal("1.5")


@pytest.mark.parametrize(
    "typed", ["", "long", "-3", "32 ft six", "m", "32-6", "10 m 6", "32 ft (12 m)"]
)
def test_the_error_for_an_invalid_length_says_how_to_write_one(typed: str) -> None:
    with pytest.raises(ValueError, match="write a length, such as"):
        read_feet(typed)


@pytest.mark.parametrize(
    "typed", ["9,750 m", "12.500", "12,500 ft", "5'90\"", "5' 12\"", "32 ft 12 in"]
)
def test_a_length_that_may_mean_two_things_is_asked(typed: str) -> None:
    with pytest.raises(Ambiguous, match=r"may be|more than 11 inches"):
        read_feet(typed)


@given(st.decimals("0.01", "700", places=2))
def test_a_length_shown_in_either_unit_reads_back_as_the_same(length: Decimal) -> None:
    for unit in ("ft", "m"):
        assert round(read_feet(typed_feet(length, unit), unit=unit), 2) == length
    inches = round(length * 12)
    feet, rest = divmod(inches, 12)
    for written in (
        f"{feet}'{rest}\"",
        f"{feet} ft {rest} in",
        f"{feet} feet, {rest} inches",
        f'{inches}"',
    ):
        assert round(read_feet(written), 6) == round(Decimal(inches) / 12, 6)


@given(st.integers(1, 3000))
def test_a_length_typed_in_centimetres_is_shown_as_it_was(centimetres: int) -> None:
    stored = round(read_feet(f"{centimetres} cm"), 2)
    assert Decimal(typed_feet(stored, "m")) == Decimal(centimetres) / 100


def test_figures_are_written_as_one_would_type_them() -> None:
    assert typed_feet(Decimal("32.5"), "ft") == "32.5"
    assert typed_feet(Decimal(40), "ft") == "40"
    assert typed_feet(Decimal("32.81"), "m") == "10"
    assert typed_feet(Decimal(40), "m") == "12.1920"  # 12.19 m are 39.99 ft


@pytest.mark.parametrize(
    ("typed", "unit", "in_pounds"),
    [
        ("9,500", "lb", 9500), ("9.500", "lb", 9500), ("9500 lbs.", "lb", 9500), ("9480 lb", "kg", 9480),
        ("4300", "kg", 9480), ("4300 kg", "lb", 9480), ("4.300 kg", "lb", 9480), ("35.000 kg", "lb", 77162),
        ("4300 kgs", "lb", 9480), ("4300 Kilo", "lb", 9480), ("4.3 t", "lb", 9480), ("4,3 tonnes", "lb", 9480),
        ("2 tons", "lb", 4000), ("2 tons", "kg", 4409), ("2 short tons", "kg", 4000), ("2 long tons", "kg", 4480),
        ("9,500 lb (4,309 kg)", "lb", 9500), ("kg 4300", "lb", 9480),
    ],
)  # fmt: skip
def test_weights_are_pounds_kilograms_or_tons(typed: str, unit: str, in_pounds: int) -> None:
    assert read_pounds(typed, unit=unit) == in_pounds


@given(st.integers(1, 2_000_000))
def test_a_weight_shown_in_either_unit_reads_back_as_the_same(weight: int) -> None:
    for unit in ("lb", "kg"):
        assert read_pounds(typed_pounds(weight, unit), unit=unit) == weight


@pytest.mark.parametrize("typed", ["heavy", "4.300 t", "-5 kg", ""])
def test_an_invalid_weight_is_reported(typed: str) -> None:
    with pytest.raises(ValueError, match=r"write a weight|may be"):
        read_pounds(typed)


@pytest.mark.parametrize(
    ("typed", "horsepower"),
    [
        ("300", "300"), ("300 hp", "300"), ("300HP", "300"), ("9,9 hp", "9.9"), ("300 bhp", "300"),
        ("1,200 hp", "1200"),
        ("30 PS", "29.59"), ("30 ch", "29.59"), ("30 cv", "29.59"), ("CV 30", "29.59"), ("30 hk", "29.59"),
        ("30 л.с.", "29.59"), ("22 kW", "29.5"), ("22,5 kW", "30.17"), ("30 hp (22 kW)", "30"), ("746 W", "1"),
    ],
)  # fmt: skip
def test_power_is_in_horsepower_of_either_kind_or_kilowatts(typed: str, horsepower: str) -> None:
    assert round(read_horsepower(typed), 2) == Decimal(horsepower)


def test_hours_volumes_and_speeds_have_their_units() -> None:
    assert [read_hours(text) for text in ("1,250 h", "1.250 Std.", "850", "1250,4 heures")] == [
        1250,
        1250,
        850,
        1250,
    ]
    assert round(read_litres("53 gal"), 1) == Decimal("200.6")
    assert round(read_litres("44 imp gal"), 1) == Decimal("200.0")
    assert read_litres("1.000 Liter") == 1000
    assert round(read_knots("46 km/h"), 1) == Decimal("24.8")
    assert round(read_knots("30 mph"), 1) == Decimal("26.1")
    assert read_knots("25 kts") == 25
    for read in (read_hours, read_litres, read_knots):
        with pytest.raises(ValueError, match="such as"):
            read("n/a")
