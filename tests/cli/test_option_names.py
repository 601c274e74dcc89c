"""What a command finds wrong is named as it was typed: by its option, not by a field of the API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import click
import pytest
from click.testing import CliRunner
from pydantic import BaseModel

from marinemarket.cli import main
from marinemarket.cli.options import as_options
from marinemarket.cli.search import search
from marinemarket.errors import FieldError
from marinemarket.search.filters import Search
from marinemarket.wire import decode
from tests.servers import command

ONLY_ON_MAPS = {"location.box", "location.polygon"}


def _fields(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """The path of every field of a search."""
    for field in model.model_fields.values():
        path = f"{before}{field.alias}"
        within = [one for one in (field.annotation, *get_args(field.annotation)) if _is_model(one)]
        if within and path not in ONLY_ON_MAPS and path != "location.coordinates":
            yield from _fields(within[0], f"{path}.")
        else:
            yield path


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


@pytest.mark.parametrize("field", sorted({*_fields(Search)} - ONLY_ON_MAPS))
def test_every_field_of_a_search_is_named_by_its_option(field: str) -> None:
    with click.Context(search):
        [named] = as_options([FieldError(field, "is wrong")])
        [within] = as_options([FieldError(f"{field}.0.deeper", "is wrong")])
    assert named.field.startswith("--") or named.field == "TEXT"
    assert within.field == named.field


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("market") / "data"
    assert command(data, "tables", "create")[0] == 0
    return data


def _wrong(data: Path, *arguments: str) -> list[tuple[str, str]]:
    done = CliRunner().invoke(main, [*arguments, "--json"], env={"MARINEMARKET_DATA": str(data)})
    assert done.exit_code == 1, done.output
    answer = decode(done.stdout)
    for wrong in answer["errors"]:
        assert f"{wrong['field']}: {wrong['message']}" in answer["detail"]
    return [(wrong["field"], wrong["message"]) for wrong in answer["errors"]]


RANGES = [
    f"--{name}" for name in
    ("price", "year", "length", "beam", "draft", "air-draft", "hours", "cabins", "berths", "days-listed")
]  # fmt: skip


FIGURES = {"--price", "--length", "--beam", "--draft", "--air-draft"}
"""Read as people write them: what is no figure is no value of the option, whatever the rules say."""


@pytest.mark.parametrize("name", RANGES)
def test_a_range_that_is_wrong_is_named_by_its_options(data: Path, name: str) -> None:
    if name in FIGURES:
        done = CliRunner().invoke(main, ["search", f"{name}-min", "-1"])
        assert (done.exit_code, f"'{name}-min'" in done.output) == (2, True), done.output
    else:
        [(lowest, _)] = _wrong(data, "search", f"{name}-min", "-1")
        assert lowest == f"{name}-min"
    [(highest, message)] = _wrong(data, "search", f"{name}-min", "9", f"{name}-max", "8")
    assert (highest, message) == (f"{name}-max", "must not be below the minimum")


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (("--type", "spaceship"), "--type"),
        (("--maker", "x" * 2000), "--maker"),
        (("--feature", "x" * 2000), "--feature"),
        (("--condition", "broken"), "--condition"),
        (("--fuel", "hope"), "--fuel"),
        (("--hull", "paper"), "--hull"),
        (("--usage", "rented"), "--usage"),
        (("--seller", "pirate"), "--seller"),
        (("--state", "x" * 200), "--state"),
        (("--country", "Atlantis"), "--country"),
        (("--near", "Xyzzyville"), "--near"),
        (("--near", "99,200"), "--near"),
        (("--radius", "5"), "--radius"),
        (("--near", "27,-80", "--radius", "0"), "--radius"),
        (("--sort", "distance"), "--sort"),
        (("--after", "nonsense"), "--after"),
        (("x" * 600,), "TEXT"),
    ],
)
def test_an_option_that_is_wrong_is_named(
    data: Path, arguments: tuple[str, ...], option: str
) -> None:
    wrong = _wrong(data, "search", *arguments)
    assert {name for name, _ in wrong} == {option}
    for field in ("location.", "Range", "sellerKind", "hullMaterial", "boatType"):
        assert field not in str(wrong)


def test_of_several_values_the_wrong_one_is_named(data: Path) -> None:
    [(option, message)] = _wrong(data, "search", "--fuel", "diesel", "--fuel", "hope")
    assert (option, message.partition(" ")[0]) == ("--fuel", "'hope'")


def test_options_and_arguments_of_other_commands_are_named(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "boats.csv"
    file.write_text("title,price,location.country,boatDetails.type\n")
    rates = tmp_path / "rates.toml"
    rates.write_text("date = 3\n")
    assert {name for name, _ in _wrong(data, "import", str(file), "--owner", "not an address")} == {
        "--owner"
    }
    assert {name for name, _ in _wrong(data, "import", str(file), "--rates", str(rates))} == {
        "--rates"
    }
    assert _wrong(data, "import", str(tmp_path / "none.csv"))[0][0] == "FILE"
    assert _wrong(data, "staff", "create", "no address", "--role", "admin")[0][0] == "EMAIL"
    long_name = ("--name", "x" * 500)
    wrong = _wrong(data, "staff", "create", "x@example.com", "--role", "admin", *long_name)
    assert wrong[0][0] == "--name"
    assert _wrong(data, "export", "user", "a@example.com", "--to", "x.xml")[0][0] == "--to"
    assert _wrong(data, "backup", "--to", "s3://")[0][0] == "--to"
    assert _wrong(data, "verify", "s3://")[0][0] == "DIR"
    assert _wrong(data, "restore", "--from", "s3://", "--into", str(tmp_path / "new"))[0][0] == (
        "--from"
    )


def test_a_column_of_a_file_keeps_its_name(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "boats.csv"
    file.write_text("title,email,rates,owner,boatDetails.type\n")
    assert {name for name, _ in _wrong(data, "import", str(file))} >= {"email", "rates", "owner"}
