"""A cache in front of the site that keeps whatever it may (RFC 9111), for everybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

# Statuses that may be kept without being told for how long (RFC 9110, 15.1).
_HEURISTIC = frozenset({200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501})


@dataclass(frozen=True)
class _Kept:
    asked_with: Mapping[str, str]
    varies_by: tuple[str, ...]
    answer: httpx.Response


class SharedCache:
    """Keeps answers by address and Vary, and replays them while it may."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._kept: defaultdict[str, list[_Kept]] = defaultdict(list)

    async def get(self, address: str, headers: Mapping[str, str]) -> tuple[httpx.Response, bool]:
        """The answer, and whether it was a kept one."""
        asked = {name.lower(): value for name, value in headers.items()}
        for kept in self._kept[address]:
            if all(asked.get(name) == kept.asked_with.get(name) for name in kept.varies_by):
                return kept.answer, True
        answer = await self._client.get(address, headers=dict(headers))
        if may_be_kept(answer):
            varies_by = tuple(
                one.strip().lower() for one in answer.headers.get("vary", "").split(",") if one
            )
            self._kept[address].append(_Kept(asked, varies_by, answer))
        return answer, False


def may_be_kept(answer: httpx.Response) -> bool:
    """Whether a shared cache may replay an answer without asking again."""
    wishes = {one.strip().lower() for one in answer.headers.get("cache-control", "").split(",")}
    if (
        wishes & {"no-store", "private", "no-cache", "max-age=0"}
        or answer.headers.get("vary") == "*"
    ):
        return False
    lives = any(wish.startswith(("max-age=", "s-maxage=")) or wish == "public" for wish in wishes)
    return lives or answer.status_code in _HEURISTIC
