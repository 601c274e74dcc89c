"""The site in another language, from a compiled catalogue."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from marinemarket.composition import Market
from marinemarket.i18n import texts
from tests.builders import a_listing

from .conftest import Reached, messages_of, offer


def compiled(translations: dict[str, str]) -> bytes:
    """A catalogue as gettext's own tools would compile it."""
    head = {"": "Content-Type: text/plain; charset=UTF-8\n"}
    entries = sorted((head | translations).items())
    pairs = [(one.encode(), other.encode()) for one, other in entries]
    count, at = len(pairs), 28 + 16 * len(pairs)
    tables, blob = [b"", b""], b""
    for side in (0, 1):
        for pair in pairs:
            tables[side] += struct.pack("<2I", len(pair[side]), at + len(blob))
            blob += pair[side] + b"\0"
    return (
        struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, 0)
        + tables[0]
        + tables[1]
        + blob
    )


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    texts.use()


async def test_a_site_speaks_as_its_catalogue_does(reached: Reached, tmp_path: Path) -> None:
    catalogue = tmp_path / "de.mo"
    catalogue.write_bytes(compiled({"Search boats": "Boote suchen", "Sell": "Verkaufen"}))
    async with reached(language="de", texts=catalogue) as client:
        page = (await client.get("/")).text
    assert '<html lang="de" dir="ltr">' in page
    assert "Boote suchen" in page
    assert ">Verkaufen<" in page
    assert ">Watchlist<" in page  # what was not translated stays as it was written


async def test_the_fields_own_words_are_in_the_sites_language(
    market: Market, reached: Reached, tmp_path: Path
) -> None:
    await offer(market, a_listing(boat={"fuel": "none", "usage": "new", "condition": "Good"}))
    catalogue = tmp_path / "de.mo"
    german = {
        "Sailboat": "Segelboot",
        "Sailboats": "Segelboote",
        "%(boats)s for sale": "%(boats)s zu verkaufen",
        "None (sail or oars)": "Keiner: Segel oder Ruder",
        "Engine hours": "Motorstunden",
        "Maximum price": "Höchster Preis",
        "Use “to” for the longest boat that fits your slip": "„bis“ ist, was an Ihren Liegeplatz passt",
        "New": "Neu",
        "Good": "Gut",
        "Drawing of a %(type)s: this advert has no photo": "Zeichnung: %(type)s; ohne Foto",
        "today": "heute",
        "Price, low to high": "Preis, aufsteigend",
        "up to %(value)s": "bis %(value)s",
    }
    catalogue.write_bytes(compiled(german))
    async with reached(language="de", texts=catalogue) as client:
        page = (await client.get("/boats?type=sailboat&price_max=900000")).text
        [boat] = re.findall(r'class="card-link" href="([^"]+)"', page)
        page += (await client.get(boat)).text
    assert "<h1>Segelboote zu verkaufen</h1>" in page
    assert "Good" not in re.findall(r"<article.*?</article>", page, re.DOTALL)[0]
    for text in (*german.values(), "bis 900.000\u00a0$", "Zeichnung: segelboot; ohne Foto"):
        if "%" not in text:
            assert text in page, text


def test_nothing_is_shown_as_nothing(tmp_path: Path) -> None:
    catalogue = tmp_path / "de.mo"
    catalogue.write_bytes(compiled({"Sell": "Verkaufen"}))
    texts.use("de", catalogue)
    assert [texts.gettext(text) for text in ("", "Sell")] == ["", "Verkaufen"]


def test_what_is_no_catalogue_is_refused(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.mo"
    nothing.write_bytes(b"no catalogue")
    for path in (nothing, tmp_path / "missing.mo"):
        with pytest.raises(ValueError, match="must be a translation compiled to"):
            texts.use("de", path)


async def test_scripts_say_what_the_catalogue_says_with_every_plural_of_its_language(
    reached: Reached, tmp_path: Path
) -> None:
    catalogue = tmp_path / "pl.mo"
    rule = "n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2"
    few, many = "{count} podpowiedzi", "{count} podpowiedzi (wiele)"
    polish = {
        "": f"Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=3; plural=({rule});\n",
        "Suggestions": "Podpowiedzi",
        "{count} suggestion\0{count} suggestions": f"{{count}} podpowiedź\0{few}\0{many}",
    }
    catalogue.write_bytes(compiled(polish))
    async with reached(language="pl", texts=catalogue) as client:
        messages = messages_of((await client.get("/")).text)["suggestions"]
    assert messages["label"] == "Podpowiedzi"
    forms = {count: form["text"] for form in messages["count"] for count in form["counts"]}
    assert forms[1] == "{count} podpowiedź"
    assert forms[3] == few
    assert forms[0] == forms[5] == forms[11] == many
