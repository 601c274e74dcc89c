"""The commands: answers on standard output, exit codes, and errors that name the cause."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import command, environment

CSV = """title,askingPrice,location.country,location.state,boatDetails.type,boatDetails.length
First boat,"$ 10,000",US,FL,sailboat,30.5
Second boat,"EUR 20.000",FR,,trawler,40
No price,,FR,,trawler,40
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def boats(tmp_path: Path) -> Path:
    file = tmp_path / "boats.csv"
    file.write_text(CSV)
    return file


def test_an_import_answers_with_its_counts_and_1_when_rows_were_refused(
    data: Path, boats: Path
) -> None:
    code, report = command(data, "import", str(boats), "--rejects", str(data / "no.csv"))
    assert code == 1
    assert report == {
        "rows": 3, "accepted": 2, "created": 2, "updated": 0, "unchanged": 0, "rejected": 1,
        "rejects": str(data / "no.csv"), "leftOut": {}, "mediaElsewhere": 0,
        "takenForSame": 0,
        "readAs": {"encoding": "UTF-8", "separator": ","}, "ratesOf": "2020-12-31",
    }  # fmt: skip
    refused = (data / "no.csv").read_text().splitlines()
    assert refused[0].endswith("boatDetails.length,reasons")
    assert refused[1].startswith("No price,,FR,,trawler,40,")
    assert len(refused) == 2


def test_search_takes_dollars_and_answers_as_the_api_does(data: Path, boats: Path) -> None:
    command(data, "import", str(boats))
    code, found = command(
        data, "search", "boat", "--price-max", "15,000", "--type", "sail boat", "--state", "Florida"
    )
    assert code == 0
    assert (found["total"], found["next"]) == (1, None)
    assert (found["results"][0]["title"], found["results"][0]["price"]) == ("First boat", 1_000_000)


def test_search_takes_every_filter_and_says_what_it_understood(data: Path, boats: Path) -> None:
    command(data, "import", str(boats))
    narrow = ("--length-max", "35", "--price-dropped", "--near", "27.2,-80.1", "--radius", "50")
    code, found = command(data, "search", *narrow, "--sort", "distance")
    assert (code, found["total"]) == (0, 0)
    code, found = command(data, "search", "--length-max", "35", "--days-listed-max", "1")
    assert (code, found["total"]) == (0, 1)
    code, found = command(data, "search", "--seller", "private", "--seller", "broker")
    assert (code, found["total"]) == (0, 0)
    assert found["facets"]["seller"] == []
    code, answer = command(data, "search", "--seller", "pirate")
    assert (code, answer["errors"][0]["field"]) == (1, "--seller")
    code, answer = command(data, "search", "--sort", "distance")
    assert (code, answer["errors"][0]["field"]) == (1, "--sort")
    assert command(data, "search", "--near", "27.2;-80")[0] == 2
    code, answer = command(data, "search", "--near", "Xyzzyville")
    assert (code, answer["errors"][0]["field"]) == (1, "--near")
    told = subprocess.run(
        [sys.executable, "-m", "marinemarket", "search", "boat under $15,000 blubber"],
        env=environment(data),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Understood: up to $15,000; “blubber” is in no advert." in told.stdout


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_export_writes_every_listing(data: Path, boats: Path, tmp_path: Path, ending: str) -> None:
    command(data, "import", str(boats))
    target = tmp_path / f"out.{ending}"
    assert command(data, "export", "listings", "--to", str(target)) == (
        0,
        {"written": 2, "to": str(target)},
    )
    assert len(target.read_text().splitlines()) == (2 if ending == "jsonl" else 3)


def test_refusals_leave_with_1_and_name_what_was_wrong(
    data: Path, tmp_path: Path, boats: Path
) -> None:
    code, answer = command(data, "import", str(tmp_path / "missing.csv"))
    assert (code, answer["errors"][0]["field"]) == (1, "FILE")
    code, answer = command(data, "import", str(boats), "--format", "boat24")
    assert code == 1
    assert {"field": "Price", "message": "is a required column"} in answer["errors"]
    code, answer = command(data, "import", str(boats), "--owner", "nobody@example.com")
    assert (code, answer["errors"][0]["field"]) == (1, "--owner")
    code, answer = command(data, "export", "listings", "--to", str(tmp_path / "x.xml"))
    assert (code, answer["errors"][0]["field"]) == (1, "--to")


def test_wrong_usage_leaves_with_2(data: Path) -> None:
    assert command(data, "import")[0] == 2
    assert command(data, "search", "--price-min", "cheap")[0] == 2
    assert command(data, "nonsense")[0] == 2


def test_an_unknown_setting_is_named(data: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "marinemarket", "search"],
        env=environment(data) | {"MARINEMARKET_DATTA": "x"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "MARINEMARKET_DATTA" in done.stderr
    assert command(data, "search", "--price-max", "1e999999")[0] == 2


@pytest.mark.parametrize(
    "name", ["serve", "worker", "import", "export", "search", "rebuild", "migrate"]
)
def test_every_command_explains_itself(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "marinemarket", name, "--help"],
        env=dict(os.environ), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "--json" in done.stdout


@pytest.mark.parametrize("name", ["search", "serve"])
def test_a_data_folder_that_is_none_is_reported_once(tmp_path: Path, name: str) -> None:
    data = tmp_path / "file"
    data.write_text("")
    code, answer = command(data, name)
    assert (code, answer["errors"][0]["field"]) == (1, "MARINEMARKET_DATA")


def test_a_database_that_is_none_is_reported_once(data: Path) -> None:
    command(data, "tables", "create")
    (data / "market.sqlite3").write_bytes(b"not a database" * 1000)
    for path in data.glob("market.sqlite3-*"):
        path.unlink()
    code, answer = command(data, "serve")
    assert code == 1
    assert "not a database" in answer["detail"]


def test_a_secret_key_that_lost_its_content_is_refused(data: Path) -> None:
    command(data, "tables", "create")
    (data / "secret-key").write_text("")
    code, answer = command(data, "worker")
    assert (code, answer["errors"][0]["field"]) == (1, "MARINEMARKET_SECRET_KEY")


def test_a_misspelt_command_is_told_with_the_nearest_one(data: Path) -> None:
    code, told = command(data, "serv")
    assert code == 2
    assert "Did you mean serve?" in told
    code, told = command(data, "xyzzy")
    assert code == 2
    assert "Did you mean" not in told


def test_a_search_tells_of_one_boat_and_of_none(data: Path, boats: Path) -> None:
    command(data, "import", str(boats), "--rejects", str(data / "no.csv"))

    def shown(*text: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "marinemarket", "search", *text],
            env=environment(data),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    one, none = shown("first"), shown("xyzzy")
    assert "1 boat matches." in one
    assert "Price" in one
    assert "0 boats match." in none
    assert "Price" not in none


def test_somebody_is_erased_and_the_folder_compacted(data: Path, boats: Path) -> None:
    command(data, "import", str(boats))
    command(data, "staff", "create", "zqx@example.com", "--role", "support")
    code, erased = command(data, "erase", "ZQX@example.com")
    assert code == 0
    assert erased["erased"]["boat-users"] == 1
    code, refused = command(data, "erase", erased["id"])
    assert (code, refused["title"]) == (1, "Not found")
    assert command(data, "erase") == (0, {"erasures": []})
    # No worker has run, so nothing of the feed has been read or archived.
    code, done = command(data, "compact")
    assert (code, done["compacted"]) == (1, False)
    assert "the archive" in done["keptBackBy"]
    assert done["logIsEmpty"]
    assert b"zqx" not in b"".join(file.read_bytes() for file in data.glob("market.sqlite3*"))
