"""Importing a broker's file: proposed, corrected, imported, and remembered."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.servers import command

BOATS = """Stock No,Make,LOA,Kind,Lies in,Ask,Owner
A1,Dehler,34,Sailboat,"Kiel, Germany",€ 35.000,Jo
A2,Dehler,29,Sailboat,"Kiel, Germany",cheap,Al
"""


def test_a_brokers_file_is_proposed_corrected_imported_and_remembered(tmp_path: Path) -> None:
    data, boats, toml = tmp_path / "data", tmp_path / "boats.csv", tmp_path / "boats.toml"
    rejects = tmp_path / "no.csv"
    boats.write_text(BOATS, encoding="utf-8")
    code, proposal = command(data, "import", str(boats))
    assert code == 1
    assert not data.joinpath("market.sqlite3").exists()
    assert [one["field"] for one in proposal["columns"]] == [
        "reference", "maker", "loa", "type", "place", "price", None,
    ]  # fmt: skip
    assert proposal["questions"] == ["lengthUnit"]
    code, answer = command(data, "import", str(boats), "--mapping", "auto")
    assert (code, answer["questions"]) == (1, ["lengthUnit"])

    code, answer = command(data, "import", str(boats), "--write-mapping", str(toml))
    assert (code, answer["mapping"]) == (0, str(toml))
    toml.write_text(
        toml.read_text("utf-8").replace('lengthUnit = "ft"', 'lengthUnit = "m"'), "utf-8"
    )
    code, wrong = command(data, "import", str(boats), "--mapping", str(boats))
    assert code == 1
    assert wrong["errors"][0]["field"] == "--mapping"

    given = ("import", str(boats), "--rejects", str(rejects))
    code, report = command(data, *given, "--mapping", str(toml))
    assert code == 1
    assert (report["created"], report["rejected"]) == (1, 1)
    assert report["columnsLeftOut"] == ["Owner"]
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        (refused,) = csv.DictReader(file)
    assert refused["reasons"] == "Row 3, column “Ask”: “cheap”: names no amount, or several"
    # The next file of these columns needs no mapping, and may hold the refused rows.
    code, again = command(data, *given)
    assert (again["unchanged"], again["rejected"]) == (1, 1)
    corrected = rejects.read_text("utf-8-sig").replace("cheap", "€ 20.000")
    boats.write_text(corrected, encoding="utf-8")
    code, report = command(data, *given)
    assert (code, report["created"]) == (0, 1)
    code, found = command(data, "search", "--limit", "9")
    assert sorted(one["boatDetails"]["length"] for one in found["results"]) == [95.14, 111.55]


def test_a_file_in_our_own_columns_needs_no_proposal_even_where_one_is_taken(
    tmp_path: Path,
) -> None:
    data, boats = tmp_path / "data", tmp_path / "boats.csv"
    boats.write_text(
        "title,location.country,boatDetails.type,boatDetails.length,askingPrice\n"
        "Sturdy ketch,DE,sailboat,30,EUR 4.5E+4\n",
        encoding="utf-8",
    )
    code, report = command(data, "import", str(boats), "--mapping", "auto")
    assert (code, report["created"]) == (0, 1)
    assert "columnsLeftOut" not in report
