"""No command makes a market in passing: only those whose purpose that is."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from marinemarket.cli import _COMMANDS, main
from tests.servers import RunningMarket, command
from tests.store.engines.dynamodb import REGION
from tests.store.engines.moto_server import moto_endpoint

MAKE_ONE = {"serve", "web", "import", "tables create"}
NEED_NONE = {"restore", "verify", "secrets new-key"}

HEADER = "title,price,location.country,boatDetails.type\n"
VALUES = {"EMAIL": "ann@example.com", "TEXT": "sloop", "WHAT": "search", "[WHAT]": "listings"}
"""For arguments and options that must be given, by name."""


def _every_command() -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    context = click.Context(main)
    for name in _COMMANDS:
        loaded = main.get_command(context, name)
        assert loaded is not None
        if isinstance(loaded, click.Group):
            found |= {f"{name} {below}": one for below, one in loaded.commands.items()}
        else:
            found[name] = loaded
    return found


EVERY = _every_command()


def _arguments(name: str, folder: Path) -> list[str]:
    """The least that a command must be given."""
    given = name.split()
    for parameter in EVERY[name].params:
        if not parameter.required:
            continue
        if isinstance(parameter, click.Argument):
            given.append(VALUES.get(parameter.human_readable_name.upper(), str(folder / "file")))
        else:
            kinds = getattr(parameter.type, "choices", None)
            given += [max(parameter.opts, key=len), kinds[0] if kinds else str(folder / "out.csv")]
    return given


def _run(name: str, folder: Path, **settings: str) -> Result:
    return CliRunner().invoke(
        main,
        _arguments(name, folder),
        env={f"MARINEMARKET_{setting}": value for setting, value in settings.items()},
    )


def test_every_command_is_accounted_for() -> None:
    assert {*EVERY} >= MAKE_ONE | NEED_NONE


@pytest.mark.parametrize("is_there", [False, True], ids=["no folder", "an empty folder"])
@pytest.mark.parametrize("name", sorted({*EVERY} - MAKE_ONE - NEED_NONE))
def test_a_command_refuses_a_folder_without_a_market_and_makes_nothing(
    tmp_path: Path, name: str, is_there: bool
) -> None:
    data = tmp_path / "typo"
    if is_there:
        data.mkdir()
    before = sorted(tmp_path.rglob("*"))
    done = _run(name, tmp_path, DATA=str(data), RELAY_DOMAIN="reply.boats.example")
    assert done.exit_code == 1, done.output
    assert sorted(tmp_path.rglob("*")) == before
    assert str(data) in done.stderr
    if name != "check":  # which tells of each part in a line of its own
        [line] = done.stderr.splitlines()
        assert "there is no market in" in line
        assert "MARINEMARKET_DATA" in line


# DynamoDB checks its items by itself, so `repair` does not even look for them.
ON_DYNAMODB = {*EVERY} - {"import", "tables create", "repair"} - NEED_NONE


@pytest.mark.parametrize("name", sorted(ON_DYNAMODB))
def test_a_table_prefix_without_tables_is_refused_in_the_same_way(
    tmp_path: Path, name: str
) -> None:
    done = _run(
        name, tmp_path, DATA=str(tmp_path / "data"), STORE="dynamodb", SECRET_KEY="x" * 40,
        TABLE_PREFIX="typo-", AWS_ENDPOINT_URL=moto_endpoint(), AWS_REGION=REGION,
    )  # fmt: skip
    assert done.exit_code == 1, done.output
    assert [*tmp_path.iterdir()] == []
    assert name == "check" or "MARINEMARKET_TABLE_PREFIX: no tables have the prefix 'typo-'" in (
        done.stderr
    )


def test_a_file_that_a_broken_start_left_empty_is_no_market(tmp_path: Path) -> None:
    (tmp_path / "market.sqlite3").touch()
    done = _run("backup", tmp_path, DATA=str(tmp_path))
    assert (done.exit_code, "there is no market in" in done.stderr) == (1, True)
    assert [*tmp_path.iterdir()] == [tmp_path / "market.sqlite3"]


@pytest.mark.parametrize("name", ["import", "tables create"])
def test_those_that_make_a_market_do(tmp_path: Path, name: str) -> None:
    file = tmp_path / "file"
    file.write_text(HEADER)
    done = _run(name, tmp_path, DATA=str(tmp_path / "new"))
    assert done.exit_code == 0, done.output
    assert (tmp_path / "new" / "market.sqlite3").exists()


@pytest.mark.parametrize("fault", ["no file", "no header", "no rates", "an owner"])
def test_an_import_that_cannot_begin_makes_no_market(tmp_path: Path, fault: str) -> None:
    file, more = tmp_path / "file", list[str]()
    if fault != "no file":
        is_empty = fault == "no header"
        file.write_text("" if is_empty else HEADER)
    if fault == "no rates":
        more = ["--rates", str(tmp_path / "rates.toml")]
    if fault == "an owner":
        more = ["--owner", "ann@example.com"]
    data = tmp_path / "typo"
    arguments = ["import", str(file), *more]
    done = CliRunner().invoke(main, arguments, env={"MARINEMARKET_DATA": str(data)})
    assert done.exit_code == 1, done.output
    assert not data.exists()


def test_the_site_makes_a_market(tmp_path: Path) -> None:
    with RunningMarket(tmp_path / "new", by="web"):
        pass
    assert command(tmp_path / "new", "export", "--to", str(tmp_path / "all.csv"))[0] == 0


@pytest.mark.parametrize("name", sorted(MAKE_ONE))
@pytest.mark.parametrize("is_there", [False, True], ids=["no folder", "an empty folder"])
def test_no_market_is_made_over_a_disk_that_is_not_mounted(
    tmp_path: Path, name: str, is_there: bool
) -> None:
    data, archive = tmp_path / "data", str(tmp_path / "archive")
    assert _run("tables create", tmp_path, DATA=str(data)).exit_code == 0
    assert CliRunner().invoke(
        main, ["backup", "--to", archive], env={"MARINEMARKET_DATA": str(data)}
    ).exit_code == 0  # fmt: skip
    data.rename(tmp_path / "unmounted")
    if is_there:
        data.mkdir()
    (tmp_path / "file").write_text(HEADER)  # for the import
    before = sorted(tmp_path.rglob("*"))
    done = _run(name, tmp_path, DATA=str(data), BACKUPS=archive)
    assert done.exit_code == 1
    [line] = done.stderr.splitlines()
    for named in (str(data), archive, "mount it", "marinemarket restore", "MARINEMARKET_BACKUPS"):
        assert named in line
    assert sorted(tmp_path.rglob("*")) == before
