"""Private memory of a process that only reads an index, before and after all queries.

.venv/bin/python -m benchmarks.search.reader_memory FOLDER
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from marinemarket.clock import now_ms
from marinemarket.search.columns.engine import ColumnsEngine
from marinemarket.search.finder import look_up

from .queries import QUESTIONS


async def main(folder: Path) -> None:
    engine = ColumnsEngine(folder, secret_key="k" * 40)
    empty = private_kilobytes()
    total = 0
    for question in QUESTIONS.values():
        total = max(total, (await look_up(engine.index, question, now_ms()))[0].total)
    more = private_kilobytes() - empty
    print(
        f"a reader process: {empty // 1000} MB empty, {more // 1000} MB more after all queries, "
        f"{more * 1024 / total:.0f} bytes a boat"
    )


def private_kilobytes() -> int:
    """Memory that this process shares with no other: mapped files do not count."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0])


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
