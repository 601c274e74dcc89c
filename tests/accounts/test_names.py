"""Names that nobody can read, that pass for the market's or its staff's, and those of honest people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.accounts.names import looks_like_market, looks_like_staff, name_errors
from marinemarket.accounts.office_words import FILLING, OFFICES, TELLING

INVISIBLE = [
    "\u200b\u200b\u200b", "\u3164\u3164", "\u00ad\u00ad", "\u115f\u1160", "\uffa0\uffa0", "\u2800\u2800",
    "A\u200b", "\U000e0041\U000e0042", "\ufe0f\ufe0f", "\u034f\u034f", "12345", "!!!", "🚤🚤",
]  # fmt: skip
OURS = [
    "MarineMarket", "Marine Market", "Мarine Market", "Мarіnе-Маrkеt", "MarineMarket Team", "MARINEMARKET24",
    "M4r1neM4rk3t", "M a r i n e M a r k e t", "rnarinemarket", "The MarineMarket", "MarineMarket.com",
    "Marine Markt", "MarineMarket Support", "Ｍａｒｉｎｅ Ｍａｒｋｅｔ", "Marine\u200bMarket", "MarineMarket GmbH",
]  # fmt: skip
STAFF = [
    "Support", "S u p p o r t", "S.u.p.p.o.r.t", "Supp0rt", "$upport", "Ѕuppоrt", "Sυpport", "Sup\u200bport",
    "S\u00adupport", "🅢🅤🅟🅟🅞🅡🅣", "Support Team", "SupportTeam", "Customer Support", "Support 24/7",
    "Support24", "Official Support", "Customer Service", "customer-service", "Help Desk", "Staff",
    "Admin", "Adm1n", "A d m i n", "ad min", "Ad.min", "Admiп", "ΑDΜΙΝ", "The Admin", "Admin John",
    "Administrator", "Adminstrator", "Moderator", "John (Moderator)", "Anna (Support)", "Support - Anna",
    "Moderatör", "Modérateur", "Moderador", "Moderatore", "Beheerder", "Administratör", "Webmaster",
    "Kundenservice", "Kundtjänst", "Klantenservice", "Service Client", "Servicio al cliente",
    "Atención al cliente", "Servizio clienti", "Supporto clienti", "Soporte", "Hilfe", "Unterstützung",
    "Trust & Safety", "Security Team", "Market Team", "System", "Sup port", "Suppo rt", "\u202etroppuS",
    "Bob from Support", "Vera at Customer Service",
]  # fmt: skip
HONEST = [
    "Market Harbour Marine Ltd", "Marina Support Services", "Ad Min", "Anna Market", "Jonathan Reef", "Åsa Öberg",
    "Иван Петров", "Παύλος Νικολάου", "李明", "김철수", "محمد علي", "Ng", "O'Brien", "Bo Ek", "Marine Services Ltd",
    "Harbour Services", "Yacht Support GmbH", "Team Vestas Wind", "Marinemax", "Marine Mart", "Page Boy",
    "Frank Staff", "Elihu Root", "Don Service", "Moderna Yachts", "Van der Hulst", "El Marino", "Adam Inn",
    "Hjalmar Hulpke", "The Boat Market", "Martin & Sons", "J. P. Admiraal", "Ida Mina", "Lars Personne",
    "Bob from Hamburg", "Vera at Sea", "Port Supply",
]  # fmt: skip


def why_not(name: str, market: str = "MarineMarket") -> str:
    return "; ".join(error.message for error in name_errors(name, market=market, field="name"))


@pytest.mark.parametrize("name", INVISIBLE, ids=ascii)
def test_a_name_shows_two_letters(name: str) -> None:
    assert "two letters" in why_not(name)


@pytest.mark.parametrize("name", OURS, ids=ascii)
def test_nobody_is_called_like_the_market(name: str) -> None:
    assert looks_like_market(name, "MarineMarket")
    assert "must not look like" in why_not(name)


@pytest.mark.parametrize("name", STAFF, ids=ascii)
def test_nobody_is_called_like_its_staff(name: str) -> None:
    assert looks_like_staff(name)
    assert why_not(name)


@pytest.mark.parametrize("name", HONEST, ids=ascii)
def test_people_and_firms_are_called_as_they_are(name: str) -> None:
    assert why_not(name) == ""


@pytest.mark.parametrize(
    ("market", "name", "is_like"),
    [
        ("Sea", "Sea", True), ("Sea", "S3a Support", True), ("Sea", "Seaton", False), ("Sea", "Sea Breeze", False),
        ("Båtar", "Batar", True), ("Лодки", "Лодки", True), ("Лодки", "Лодкин Иван", False),
    ],
)  # fmt: skip
def test_a_short_name_of_a_market_may_be_a_part_of_another(
    market: str, name: str, is_like: bool
) -> None:
    assert looks_like_market(name, market) == is_like


@given(
    st.sampled_from(sorted(OFFICES | TELLING)),
    st.lists(st.sampled_from(sorted(FILLING)), max_size=2),
    st.sampled_from(["\u200b", "\u00ad", "\u2060", ""]),
    st.sampled_from(["", "1", " 24", "!", " 2026"]),
    st.booleans(),
)
def test_an_office_is_one_in_any_dress(
    office: str, filling: list[str], between: str, behind: str, is_loud: bool
) -> None:
    name = between.join(" ".join([*filling, office])) + behind
    assert looks_like_staff(name.upper() if is_loud else name)


@given(st.text(max_size=120))
def test_any_text_is_judged(name: str) -> None:
    name_errors(name, market="MarineMarket", field="name")
