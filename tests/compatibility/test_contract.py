"""Whatever an earlier version offered is still there, under its name: people script against it.

`version_0_1/contract.json` was written by that version. More may stand beside it; what it names goes
only with a decision record, and then it is taken out of the file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.compatibility.contract import commands, routes, settings, tables
from tests.web.conftest import Client, client

__all__ = ["client"]

EARLIER: dict[str, Any] = json.loads(
    (Path(__file__).parent / "version_0_1" / "contract.json").read_text()
)


@pytest.mark.parametrize("command", EARLIER["commands"])
def test_a_command_keeps_its_name_and_its_options(command: str) -> None:
    assert set(EARLIER["commands"][command]) <= set(commands()[command])


@pytest.mark.parametrize("name", EARLIER["settings"])
def test_a_setting_keeps_its_name_and_what_holds_without_it(name: str) -> None:
    assert (name, settings().get(name, "gone")) == (name, EARLIER["settings"][name])


@pytest.mark.parametrize("name", EARLIER["tables"])
def test_a_table_keeps_its_key_and_its_indexes(name: str) -> None:
    before, now = EARLIER["tables"][name], tables()[name]
    assert now["key"] == before["key"]
    # Where nothing expired, new items may: it is they that name when.
    assert before["ttl"] in (None, now["ttl"])
    assert before["indexes"].items() <= now["indexes"].items()


async def test_every_route_answers_where_it_did_and_takes_the_same_parameters(
    client: Client,
) -> None:
    now = routes((await client.get("/api/v1/openapi.json")).json())
    lost = [
        f"{method} {path} {name}".strip()
        for path, methods in EARLIER["paths"].items()
        for method, names in methods.items()
        for name in ([""] if method not in now.get(path, {}) else names)
        if name not in now.get(path, {}).get(method, [])
    ]
    assert lost == []
