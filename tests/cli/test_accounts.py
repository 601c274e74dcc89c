"""The commands for staff, keys and the export of accounts."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.servers import command


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    assert command(data, "tables", "create")[0] == 0
    return data


def test_staff_are_made_granted_and_revoked(data: Path) -> None:
    code, made = command(data, "staff", "create", "Chief@Example.com", "--role", "super_admin")
    assert code == 0
    assert made["email"] == "chief@example.com"
    assert len(made["permissions"]) == 6
    assert made["link"].startswith("http://127.0.0.1:8000/account/reset/new?token=")
    code, told = command(data, "staff", "create", "chief@example.com", "--role", "admin")
    assert (code, told["errors"][0]["field"]) == (1, "EMAIL")

    code, granted = command(data, "staff", "grant", "chief@example.com", "--role", "support",
                            "--permission", "audit_log_view")  # fmt: skip
    assert (code, granted["role"], granted["permissions"]) == (
        0, "support", ["audit_log_view", "user_management"],
    )  # fmt: skip
    code, revoked = command(
        data, "staff", "revoke", "chief@example.com", "--permission", "audit_log_view"
    )
    assert (revoked["role"], revoked["permissions"]) == ("support", ["user_management"])
    code, revoked = command(data, "staff", "revoke", "chief@example.com")
    assert (code, revoked["role"], revoked["permissions"]) == (0, "user", [])
    code, told = command(data, "staff", "revoke", "nobody@example.com")
    assert (code, told["title"]) == (1, "Not found")
    assert command(data, "staff", "create", "x@example.com", "--role", "captain")[0] == 2


def test_the_trail_and_a_person_are_exported(data: Path, tmp_path: Path) -> None:
    command(
        data, "staff", "create", "chief@example.com", "--role", "admin", "--name", "=cmd|' /C'!A0"
    )
    code, told = command(data, "export", "audit", "--to", str(tmp_path / "audit.csv"))
    assert (code, told["written"]) == (0, 1)
    [row] = csv.DictReader((tmp_path / "audit.csv").read_text().splitlines())
    assert (row["action"], row["userId"]) == ("USER_CREATED", "system:staff")
    code, told = command(data, "export", "audit", "--to", str(tmp_path / "audit.jsonl"),
                         "--until", "2020-01-01T00:00:00Z")  # fmt: skip
    assert (code, told["written"]) == (0, 0)
    path = tmp_path / "chief.json"
    code, told = command(data, "export", "user", "chief@example.com", "--to", str(path))
    assert code == 0
    document = json.loads(path.read_text())
    assert document["account"]["role"] == "admin"
    assert "password" not in path.read_text()
    code, told = command(data, "export", "user", "--to", str(path))
    assert code == 2
    code, told = command(data, "export", "user", "nobody@example.com", "--to", str(path))
    assert code == 1
    code, told = command(data, "export", "audit", "--to", str(path.with_suffix(".xml")))
    assert (code, told["errors"][0]["field"]) == (1, "--to")


def test_a_master_key_is_made_and_secrets_are_sealed_anew(data: Path) -> None:
    code, made = command(data, "secrets", "new-key")
    assert (code, len(made["key"])) == (0, 44)
    assert command(data, "secrets", "reseal") == (0, {"resealed": 0})
