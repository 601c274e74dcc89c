"""Runs the nearest tests on mutants of the modules that hold promises, and prints what came of it.

    scripts/mutate [--sample N] [--seed N] [--workers N] [MODULE ...]
    scripts/mutate --again

The table is Markdown, for docs/mutation.md. Every survivor follows with the line it changed.
"""

from __future__ import annotations

import argparse
import json
import queue
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from .mutants import Mutant, mutants_of
from .trials import ROOT, Copy

MODULES = tomllib.loads((Path(__file__).parent / "modules.toml").read_text())
RESULTS = ROOT / "data" / "mutation.json"

_LEAST_SECONDS = 60
"""A mutant may run for four times as long as the sound module does, and at least so long."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mutant."""

    path: str
    line: int
    operator: str
    diff: str
    id: str
    is_killed: bool


def main() -> int:
    asked = _arguments()
    known = {outcome.id: outcome for outcome in _read()}
    outcomes: list[Outcome] = []
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="marinemarket-mutation-") as folder:
        for module in _modules(asked, Path(folder), dict(known)):
            outcomes += module
            known |= {outcome.id: outcome for outcome in module}
            _write([*known.values()])  # of one that is stopped, what it has found stays
    print("\n".join(_report(outcomes)))
    print(f"\n{time.monotonic() - began:.0f} s, seed {asked.seed}", file=sys.stderr)
    return 0


def _modules(
    asked: argparse.Namespace, folder: Path, before: dict[str, Outcome]
) -> Iterable[list[Outcome]]:
    """What becomes of each module's mutants, module by module."""
    copies: queue.SimpleQueue[Copy] = queue.SimpleQueue()
    sources = Copy(folder / "sources")
    for number in range(asked.workers):
        copies.put(Copy(folder / str(number)))
    for path in asked.modules or MODULES:
        most = None if asked.again else asked.sample
        mutants = mutants_of(path, sources.source(path), most=most, seed=asked.seed)
        if asked.again:
            mutants = [m for m in mutants if m.id in before and not before[m.id].is_killed]
        if mutants:
            yield _tried(mutants, MODULES[path]["tests"], copies, asked.workers)


def _tried(
    mutants: Sequence[Mutant], tests: Sequence[str], copies: queue.SimpleQueue[Copy], workers: int
) -> list[Outcome]:
    """What becomes of a module's mutants. Raises SystemExit when its tests fail without any fault."""
    path = mutants[0].path
    within = _sound(path, tests, copies, workers)

    def tried(mutant: Mutant) -> Outcome:
        copy = copies.get()
        try:
            with copy.mutated(path, mutant.code):
                survived = copy.passes(tests, within=within)
        finally:
            copies.put(copy)
        print("." if not survived else "S", end="", file=sys.stderr, flush=True)
        return Outcome(path, mutant.line, mutant.operator, mutant.diff, mutant.id, not survived)

    with ThreadPoolExecutor(workers) as pool:
        outcomes = list(pool.map(tried, mutants))
    killed = sum(outcome.is_killed for outcome in outcomes)
    print(f" {path}: {killed} of {len(outcomes)} killed", file=sys.stderr, flush=True)
    print("\n".join(_survivors(outcomes)), file=sys.stderr, flush=True)
    return outcomes


def _sound(path: str, tests: Sequence[str], copies: queue.SimpleQueue[Copy], workers: int) -> float:
    """How many seconds a mutant may take. Each copy runs the sound module once, and so compiles it."""
    longest = 0.0
    for _ in range(workers):
        copy = copies.get()
        began = time.monotonic()
        if not copy.passes(tests, within=1200, keeps_bytecode=True):
            raise SystemExit(f"mutate: the tests of {path} fail without any fault:\n{copy.output}")
        longest = max(longest, time.monotonic() - began)
        copies.put(copy)
    return max(_LEAST_SECONDS, 4 * longest)


def _report(outcomes: Sequence[Outcome]) -> Iterable[str]:
    yield "| module | mutants | killed | survived |"
    yield "|---|--:|--:|--:|"
    paths = dict.fromkeys(outcome.path for outcome in outcomes)
    for path in paths:
        yield _row(f"`{path}`", [outcome for outcome in outcomes if outcome.path == path])
    yield _row("**all**", outcomes)
    yield from _survivors(outcomes)


def _survivors(outcomes: Sequence[Outcome]) -> Iterable[str]:
    for outcome in outcomes:
        if not outcome.is_killed:
            yield f"\n{outcome.path}:{outcome.line} {outcome.operator} {outcome.id}\n{outcome.diff}"


def _row(name: str, outcomes: Sequence[Outcome]) -> str:
    killed = sum(outcome.is_killed for outcome in outcomes)
    return f"| {name} | {len(outcomes)} | {killed} | {len(outcomes) - killed} |"


def _source(path: str) -> str:
    return (ROOT / "src/marinemarket" / path).read_text()


def _read() -> list[Outcome]:
    return [Outcome(**one) for one in json.loads(RESULTS.read_text())] if RESULTS.exists() else []


def _write(outcomes: Sequence[Outcome]) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([asdict(outcome) for outcome in outcomes], indent=1))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/mutate", description="Would the tests notice?")
    parser.add_argument(
        "modules", nargs="*", metavar="MODULE", help="all in modules.toml if absent"
    )
    parser.add_argument("--sample", type=int, help="at most so many mutants of each; all if absent")
    parser.add_argument("--seed", type=int, default=1, help="decides the sample; 1 if absent")
    parser.add_argument("--workers", type=int, default=2, help="trials at a time; 2 if absent")
    parser.add_argument("--again", action="store_true", help="only what survived before")
    asked = parser.parse_args()
    for path in asked.modules:
        if path not in MODULES:
            parser.error(f"{path} is not in modules.toml")
    return asked


if __name__ == "__main__":
    sys.exit(main())
