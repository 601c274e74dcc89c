"""The checklist of ASVS 5.0: complete, and each requirement met by tests that there are."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/security/asvs.md").read_text()
ROWS = re.findall(r"^\| ([\d.]+) \| ([12]) \| ([^|]+) \| (.+) \|$", TEXT, re.MULTILINE)
# How many requirements of levels 1 and 2 each chapter has.
COUNTS = {
    1: 27,
    2: 11,
    3: 19,
    4: 10,
    5: 9,
    6: 35,
    7: 18,
    8: 7,
    9: 7,
    10: 29,
    11: 14,
    12: 9,
    13: 13,
    14: 9,
    15: 13,
    16: 16,
    17: 7,
}
MOST_NOT_MET = 5


@cache
def _tests_in(path: str) -> frozenset[str]:
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    found = ast.walk(ast.parse(file.read_text()))
    return frozenset(
        one.name for one in found if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def test_every_requirement_of_levels_1_and_2_stands_once() -> None:
    ids = [id for id, *_ in ROWS]
    assert len(ids) == len(set(ids))
    assert Counter(int(id.partition(".")[0]) for id in ids) == COUNTS


def test_each_requirement_that_is_met_names_tests_that_there_are() -> None:
    wrong = []
    for id, _, _, standing in ROWS:
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", standing)
        if standing.startswith("met: ") and not named:
            wrong.append((id, "names no test"))
        wrong += [(id, f"{path}::{test}") for path, test in named if test not in _tests_in(path)]
    assert wrong == []


def test_each_other_says_why_and_few_are_not_met() -> None:
    others = {id: standing for id, _, _, standing in ROWS if not standing.startswith("met: ")}
    assert all(re.match(r"(?:n/a|\*\*not met\*\*): .{15,}", one) for one in others.values())
    assert sum(one.startswith("**not met**") for one in others.values()) <= MOST_NOT_MET
    counts = re.search(r"Of (\d+): (\d+) met, (\d+) not applicable, (\d+) not met", TEXT)
    assert counts is not None
    kinds = Counter(re.split(r"[:\s]", standing)[0] for *_, standing in ROWS)
    assert tuple(map(int, counts.groups())) == (
        len(ROWS), kinds["met"], kinds["n/a"], kinds["**not"],
    )  # fmt: skip
