"""A process that migrates to the newest versions of the fictitious history, and prints each step.

python -m tests.store.processes.migrating <file>
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from marinemarket.store.migration import Migration, migrate
from tests.store.evolution import opened


def _say(step: Migration) -> None:
    print(f"{step.table} {step.read}", flush=True)


async def main(path: Path) -> None:
    store = opened(path, 3)
    await migrate(store, _say)
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
