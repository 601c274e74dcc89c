"""A broker on a phone without JavaScript imports a file of boats and changes some prices."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.listings.importing.test_uploads import HEADER, row

from .members import PHONE, a_market, a_page, register, sign_in

pytestmark = pytest.mark.browser


def test_a_broker_brings_boats_in_and_changes_some_prices(
    chromium: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "fleet.csv"
    boats = [row(f"A{n}", title=f"Catalina 34 number {n}") for n in range(3)]
    file.write_text("\n".join([HEADER, *boats, row("A9", price="far too much")]))
    with a_market(tmp_path / "data") as market:
        page = a_page(chromium, market, PHONE, scripts=False)
        register(page, "bea@example.com")
        sign_in(page, "bea@example.com")
        expect(page).to_have_url(re.compile(r"/account$"))
        page.goto("/account/boats/import")
        page.get_by_role("link", name="Open your profile").click()
        page.get_by_label("Broker, dealer or yard").check()
        page.get_by_label("Business name").fill("Bea's Boats")
        page.get_by_role("button", name="Save").first.click()
        page.goto("/account/boats/import")
        page.get_by_label("File", exact=True).set_input_files(file)
        page.get_by_role("button", name="Send file").click()
        expect(page.get_by_role("status")).to_contain_text("3 of 4 rows were imported")
        with page.expect_download() as download:
            page.get_by_role("link", name="Download rejected rows").click()
        assert "far too much" in download.value.path().read_text()
        page.get_by_role("link", name="View your boats").click()
        page.get_by_label("Select Catalina 34 number 0").check()
        page.get_by_label("Select Catalina 34 number 2").check()
        page.get_by_role("button", name="Change prices").click()
        page.get_by_label("Change by").fill("-10")
        page.get_by_role("button", name="Show new prices").click()
        expect(page.get_by_role("table")).to_contain_text("$43,650")
        page.get_by_role("button", name="Change these prices").click()
        expect(page.get_by_role("status")).to_contain_text("2 updated")
        page.get_by_role("link", name="Back to your boats").click()
        expect(page.get_by_text("$43,650")).to_have_count(2)
        expect(page.get_by_text("$48,500")).to_have_count(1)
        page.context.close()


OWN = """Stock No;Make;LOA;Kind;Lies in;Ask;Owner Phone;Photos
A1;Dehler;10,20;Sailboat;Kiel, Germany;35.000;555 1;https://example.com/1.jpg
A2;Linssen;12,80;Motoryacht;Sneek, NL;auf Anfrage;555 2;
A3;Dehler;long;Sailboat;Kiel, Germany;20.000;555 3;
"""


def test_a_broker_sends_a_file_with_own_columns_corrects_the_proposal_and_imports_it(
    chromium: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "fleet.csv"
    file.write_text(OWN)
    with a_market(tmp_path / "data") as market:
        page = a_page(chromium, market, PHONE, scripts=False)
        register(page, "bea@example.com")
        sign_in(page, "bea@example.com")
        page.get_by_label("Broker, dealer or yard").check()
        page.get_by_label("Business name").fill("Bea's Boats")
        page.get_by_role("button", name="Save").first.click()
        page.goto("/account/boats/import")
        page.get_by_label("File", exact=True).set_input_files(file)
        page.get_by_role("button", name="Send file").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("What the columns hold")
        expect(page.get_by_label("Ask", exact=True)).to_have_value("price")
        expect(page.get_by_text("Left out: Owner Phone.")).to_be_visible()
        page.get_by_label("Are lengths without a unit in feet or metres?").select_option("m")
        page.get_by_label("In which currency are prices that name none?").select_option("EUR")
        page.get_by_role("button", name="Show the boats").click()
        preview = page.get_by_role("region", name="The first boats, as they would be")
        expect(preview).to_contain_text("€35,000")
        expect(preview).to_contain_text("Price on request")
        expect(preview).to_contain_text("Row 4, column “LOA”: “long”: write a length")
        page.get_by_role("button", name="Import 3 boats").click()
        expect(page.get_by_role("status")).to_contain_text("2 of 3 rows were imported")
        # The next file with the same header comes with the choices of this one.
        page.goto("/account/boats/import")
        page.get_by_label("File", exact=True).set_input_files(file)
        page.get_by_role("button", name="Send file").click()
        expect(page.get_by_text("These are your choices from the last file")).to_be_visible()
        expect(page.get_by_label("Are lengths without a unit")).to_have_value("m")
        page.context.close()
