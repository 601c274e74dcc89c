"""Countries and states, by code and by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.listings.vocabulary.countries import (
    country_code,
    country_name,
    country_of_part,
    state_code,
    states_of,
)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Croatia (Hrvatska)", "HR"),
        ("us", "US"),
        ("U.S.A.", "US"),
        ("USA", "US"),
        ("United  States", "US"),
        ("États-Unis", "US"),
        ("Guinea-Bissau", "GW"),
        ("Côte d'Ivoire", "CI"),
        ("St. Maarten", "SX"),
        ("Deutschland", "DE"),
        ("DEU", "DE"),
        ("Česko", "CZ"),
        ("Österreich", "AT"),
        ("Oesterreich", "AT"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("Lietuva", "LT"),
        ("UK", "GB"),
        ("Scotland", "GB"),
        ("The Netherlands", "NL"),
        ("Lake Constance", None),
        ("", None),
        ("(", None),
        ("XX", None),
    ],
)
def test_a_country_is_known_by_code_and_by_name(name: str, code: str | None) -> None:
    assert country_code(name) == code


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("HR", "Croatia"),
        ("TR", "Turkey"),
        ("TW", "Taiwan"),
        ("US", "United States"),
        ("VG", "British Virgin Islands"),
        ("QQ", "QQ"),
    ],
)
def test_a_country_has_its_usual_name(code: str, name: str) -> None:
    assert country_name(code) == name


def test_a_countrys_name_leads_back_to_it() -> None:
    for code in ("US", "DE", "HR", "TR", "GB", "VI", "CZ", "NL", "KR", "MD", "BO", "TZ"):
        assert country_code(country_name(code)) == code


@pytest.mark.parametrize(
    ("name", "country", "code"),
    [
        ("fl", "US", "FL"),
        (" Florida ", "US", "FL"),
        ("Québec", "CA", "QC"),
        ("QUEBEC", "CA", "QC"),
        ("New South Wales", "AU", "NSW"),
        ("Bavaria", "US", None),
        ("", "US", None),
        ("FL", "DE", None),
    ],
)
def test_a_state_is_known_within_its_country(name: str, country: str, code: str | None) -> None:
    assert state_code(name, country) == code


def test_states_are_listed_by_code() -> None:
    assert states_of("US")["FL"] == "Florida"
    assert states_of("XX") == {}


def test_a_state_names_its_country_if_no_other_has_one_of_that_name() -> None:
    assert country_of_part("Cork") == "IE"
    assert country_of_part("Limburg") is None
    assert country_of_part("Atlantis") is None


@given(st.text())
def test_any_text_names_a_country_or_none(text: str) -> None:
    for code in (country_code(text), country_of_part(text)):
        assert code is None or len(code) == 2
    assert state_code(text, "US") in {None, *states_of("US")}
