"""Runs the drills: several rounds of each, one line per round, and exit code 1 if any failed.

    .venv/bin/python -m drills [--rounds N] [--seed N] [--only NAME]

The randomness of a round depends only on the seed, the drill's name and the round's number.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sys
import tempfile
import time
import traceback
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

from . import Skipped, clock, contention, disk, dynamodb, full_disk, kill, restore

Drill = Callable[[Path, Sequence[random.Random]], AsyncIterator[str]]
"""Runs one round in an empty folder for each source of randomness, and describes each.

Anything raised other than Skipped means that the round failed. The drill ends there, since its data
can no longer be trusted.
"""

DRILLS: dict[str, Drill] = {
    "kill": kill.drill,
    "restore": restore.drill,
    "disk": disk.drill,
    "full-disk": full_disk.drill,
    "clock": clock.drill,
    "contention": contention.drill,
    "dynamodb": dynamodb.drill,
    "contention-dynamodb": contention.drill_dynamodb,
}


def main() -> int:
    asked = _arguments()
    logging.disable(logging.WARNING)  # every round starts a fresh index, which logs a warning
    passed = failed = 0
    for name in [asked.only] if asked.only else DRILLS:
        with tempfile.TemporaryDirectory(prefix="marinemarket-drill-") as folder:
            good, bad = asyncio.run(_run(name, Path(folder), asked.rounds, asked.seed))
        passed, failed = passed + good, failed + bad
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


async def _run(name: str, folder: Path, rounds: int, seed: int) -> tuple[int, int]:
    """How many rounds of a drill passed and failed, up to the first failure."""
    chances = [random.Random(f"{seed} {name} {number}") for number in range(1, rounds + 1)]
    passed = 0
    began = time.monotonic()
    try:
        async for text in DRILLS[name](folder, chances):
            passed += 1
            now = time.monotonic()
            print(f"{name} {passed}: passed in {now - began:.1f} s, {text}", flush=True)
            began = now
    except Skipped as skipped:
        print(f"{name}: SKIPPED, {skipped}", flush=True)
    except Exception:
        traceback.print_exc()
        number = passed + 1
        print(
            f"{name} {number}: FAILED; the remaining {rounds - number} rounds were skipped. "
            f"Repeat with: --only {name} --rounds {number} --seed {seed}",
            flush=True,
        )
        return passed, 1
    return passed, 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/drill", description="What must hold come what may."
    )
    parser.add_argument(
        "--rounds", type=_count, default=5, help="number of rounds per drill (default: 5)"
    )
    parser.add_argument("--seed", type=int, default=1, help="seed of all randomness (default: 1)")
    parser.add_argument("--only", choices=DRILLS, help="run only this drill")
    return parser.parse_args()


def _count(text: str) -> int:
    if (count := int(text)) < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return count


if __name__ == "__main__":
    sys.exit(main())
