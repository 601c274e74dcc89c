"""Machines are slow by turns: a test waits for what it wants to see, and never judges how long it took."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
CLOCKS = {
    "monotonic",
    "monotonic_ns",
    "perf_counter",
    "perf_counter_ns",
    "process_time",
    # Of an event loop, as well as of the module that is called so.
    "time",
    "time_ns",
    "current_time",
}


def durations(source: str) -> Iterator[str]:
    """Each assertion about a clock, except that a wait has not come to its end."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            measured = _measured(function)
            for node in ast.walk(function):
                if isinstance(node, ast.Assert) and not _is_wait(node.test):
                    names = {part.id for part in ast.walk(node.test) if isinstance(part, ast.Name)}
                    if _reads_clock(node.test) or names & measured:
                        yield ast.unparse(node)


def _measured(function: ast.AST) -> set[str]:
    """The names of what was computed from a clock."""
    return {
        target.id
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and _reads_clock(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _reads_clock(node: ast.AST) -> bool:
    return any(
        isinstance(part, ast.Call) and ast.unparse(part.func).rpartition(".")[2] in CLOCKS
        for part in ast.walk(node)
    )


def _is_wait(test: ast.expr) -> bool:
    """``time.monotonic() < deadline``: what fails is a wait of a minute in which nothing came."""
    return ast.unparse(test).endswith("monotonic() < deadline")


@pytest.mark.parametrize(
    "path", sorted(TESTS.rglob("*.py")), ids=lambda path: str(path.relative_to(TESTS))
)
def test_no_test_asserts_how_long_something_took(path: Path) -> None:
    """Wait with `tests.servers.wait_for`, or ask what was done instead of when: `benchmarks/` measures."""
    assert list(durations(path.read_text())) == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("assert time.monotonic() - begun > 1.5", 1),
        ("began = loop.time()\n    assert loop.time() - began >= 0.25", 1),
        ("took = asyncio.get_running_loop().time() - began\n    assert took < 2", 1),
        ("assert anyio.current_time() - began < 2", 1),
        ("took = perf_counter() - begun\n    assert took < 2", 1),
        (
            "deadline = time.monotonic() + 60\n    assert time.monotonic() < deadline, 'it never came'",
            0,
        ),
        ("while time.monotonic() < end: pass\n    assert answer == 200", 0),
    ],
)
def test_what_counts_as_a_duration(body: str, found: int) -> None:
    assert len(list(durations(f"def test() -> None:\n    {body}\n"))) == found
