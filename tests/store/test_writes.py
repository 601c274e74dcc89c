"""Writes by themselves, outside any engine."""

from __future__ import annotations

from typing import Any

import pytest

from marinemarket.errors import Refused
from marinemarket.store.schema import CLAIMS
from marinemarket.store.writes import Absent, Check, Delete, Exists, Put, Update


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (Put, {"item": {"claim": "berth"}, "when": Absent()}),
        (Update, {"key": ("berth",), "set": {"owner": "Ann"}}),
        (Delete, {"key": ("berth",), "when": Exists()}),
        (Check, {"key": ("berth",), "when": Exists()}),
    ],
)
def test_writes_that_do_the_same_are_equal_whatever_their_caller_is_told(
    kind: type, given: dict[str, Any]
) -> None:
    told = kind(CLAIMS, **given, otherwise=Refused("the berth is taken"))
    assert told == kind(CLAIMS, **given)
    assert "the berth is taken" not in repr(told)
    assert told != kind(CLAIMS, **(given | {"when": None}))
