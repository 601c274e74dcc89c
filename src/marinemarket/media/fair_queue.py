"""A queue in which members take turns, so that nobody waits for all that somebody else has sent."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ..errors import Busy, TooMany
from ..i18n.texts import gettext as _

_RETRY_SECONDS = 5


class FairQueue:
    """Admits `at_once` at a time, of one member `at_once_each`, and those that wait in rotation.

    Of one member at most `most_each` wait, of all together `most`.
    """

    def __init__(
        self, *, at_once: int, at_once_each: int | None = None, most_each: int, most: int
    ) -> None:
        self._free = at_once
        self._at_once_each = at_once_each or at_once
        self._most_each, self._most = most_each, most
        self._running: Counter[str] = Counter()
        # Ordered by whose turn is next: a member who had one goes to the end.
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def turn(self, member: str) -> AsyncIterator[None]:
        """Wait for this member's turn, and hold it for the block.

        Raises TooMany if this member has too many waiting, Unavailable if all together have.
        """
        if self._free and self._may_run(member) and member not in self._waiting:
            self._begin(member)
        else:
            await self._wait(member)
        try:
            yield
        finally:
            self._end(member)

    def _may_run(self, member: str) -> bool:
        return self._running[member] < self._at_once_each

    def _begin(self, member: str) -> None:
        self._free -= 1
        self._running[member] += 1

    def _end(self, member: str) -> None:
        """End a turn, and begin the next in rotation."""
        self._free += 1
        self._running[member] -= 1
        if not self._running[member]:
            del self._running[member]
        while self._free and (following := self._following()):
            theirs = self._waiting.pop(following)
            turn = theirs.popleft()
            if theirs:
                self._waiting[following] = theirs
            if not turn.done():
                self._begin(following)
                turn.set_result(None)

    def _following(self) -> str | None:
        """The next member in rotation who may have a turn."""
        return next(filter(self._may_run, self._waiting), None)

    async def _wait(self, member: str) -> None:
        if len(self._waiting.get(member, ())) >= self._most_each:
            raise TooMany(_RETRY_SECONDS)
        if sum(map(len, self._waiting.values())) >= self._most:
            raise Busy(_("many pictures are being processed just now"), retry_after=_RETRY_SECONDS)
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(member, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._end(member)  # it came at the moment of giving up
            else:
                self._forget(member, turn)
            raise

    def _forget(self, member: str, turn: asyncio.Future[None]) -> None:
        theirs = self._waiting.get(member)
        if theirs is not None and turn in theirs:
            theirs.remove(turn)
            if not theirs:
                del self._waiting[member]
