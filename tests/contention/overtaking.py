"""Somebody else who is faster, at the moment of a test's choosing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from marinemarket.audit.actions import Action
from marinemarket.audit.trail import Trail
from marinemarket.store.schema import AUDIT_LOGS, Table
from marinemarket.store.store import Store
from marinemarket.store.writes import Put, Write


class _Overtaken:
    """A store that lets `change` happen just before a commit, once."""

    def __init__(
        self,
        store: Store,
        is_awaited: Callable[[Write], bool],
        change: Callable[[], Awaitable[object]],
    ) -> None:
        self._store, self._is_awaited, self._change = store, is_awaited, change
        self.is_done = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def commit(self, *writes: Write) -> None:
        if not self.is_done and any(map(self._is_awaited, writes)):
            self.is_done = True
            await self._change()
        await self._store.commit(*writes)


@contextmanager
def overtaken(
    trail: Trail, at: Action | Table, change: Callable[[], Awaitable[object]]
) -> Iterator[None]:
    """Within the block, `change` comes between a change's reads and its commit, once.

    `at` says before which commit: the first that tells of an action, or that writes to a table.
    """

    def is_awaited(write: Write) -> bool:
        if isinstance(at, Table):
            return write.table is at
        return write.table is AUDIT_LOGS and isinstance(write, Put) and write.item["action"] == at

    plain = trail.store
    store = _Overtaken(plain, is_awaited, change)
    trail.store = cast(Store, store)
    try:
        yield
    finally:
        trail.store = plain
    assert store.is_done, f"nothing was committed at {at}"
