"""Runs the drills: so many rounds of each, one line for a round, and exit 1 if any failed.

    .venv/bin/python -m drills [--rounds N] [--seed N] [--only NAME]

Each round draws its chances from the seed, the drill's name and its own number alone.
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

from . import Skipped, contention, disk, dynamodb, kill, restore

Drill = Callable[[Path, Sequence[random.Random]], AsyncIterator[str]]
"""Does its rounds in an empty folder, one for each source of chance, and says what each one saw.

Skipped aside, whatever it raises means that the round has failed. The drill ends there: what it
would go on with is no longer sound.
"""

DRILLS: dict[str, Drill] = {
    "kill": kill.drill,
    "restore": restore.drill,
    "disk": disk.drill,
    "contention": contention.drill,
    "dynamodb": dynamodb.drill,
    "contention-dynamodb": contention.drill_dynamodb,
}


def main() -> int:
    asked = _arguments()
    logging.disable(logging.WARNING)  # a fresh index "begins anew" in every round: no news here
    passed = failed = 0
    for name in [asked.only] if asked.only else DRILLS:
        with tempfile.TemporaryDirectory(prefix="marinemarket-drill-") as folder:
            good, bad = asyncio.run(_run(name, Path(folder), asked.rounds, asked.seed))
        passed, failed = passed + good, failed + bad
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


async def _run(name: str, folder: Path, rounds: int, seed: int) -> tuple[int, int]:
    """How many rounds of a drill passed and failed, up to the first that failed."""
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
            f"{name} {number}: FAILED; {rounds - number} rounds behind it were not begun. "
            f"Again: --only {name} --rounds {number} --seed {seed}",
            flush=True,
        )
        return passed, 1
    return passed, 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/drill", description="What must hold come what may."
    )
    parser.add_argument(
        "--rounds", type=_count, default=5, help="how many of each drill; 5 if absent"
    )
    parser.add_argument("--seed", type=int, default=1, help="whatever chance decides; 1 if absent")
    parser.add_argument("--only", choices=DRILLS, help="one drill alone")
    return parser.parse_args()


def _count(text: str) -> int:
    if (count := int(text)) < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return count


if __name__ == "__main__":
    sys.exit(main())
