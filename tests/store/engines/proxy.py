"""A proxy in front of DynamoDB that delays, throttles, fails and drops requests at seeded random."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, web

_TYPE = "com.amazonaws.dynamodb.v20120810#"
_LARGEST_BODY = 16 * 1024 * 1024


@dataclass
class Faults:
    """The probability of each fault per request, and how often each has occurred.

    `dropped_after` drops the connection after the engine has done its work. `spared` names operations
    without faults.
    """

    seed: int = 0
    delayed: float = 0
    throttled: float = 0
    clashing: float = 0
    failing: float = 0
    dropped_before: float = 0
    dropped_after: float = 0
    unprocessed: float = 0
    spared: frozenset[str] = frozenset()
    struck: Counter[str] = field(default_factory=Counter)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._die = random.Random(self.seed)

    def strikes(self, fault: str) -> bool:
        chance: float = getattr(self, fault)
        struck = self._die.random() < chance
        self.struck[fault] += struck
        return struck


@asynccontextmanager
async def proxied(endpoint: str, faults: Faults) -> AsyncIterator[str]:
    """The address of a proxy on the loopback address, until the end of the block."""

    async def handle(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        operation = request.headers.get("X-Amz-Target", "").rpartition(".")[2]
        asked = json.loads(body)
        faults.asked.append((operation, asked))
        is_spared = operation in faults.spared
        if not is_spared and (refusal := await _before(operation, asked, faults)) is not None:
            return refusal
        if not is_spared and faults.strikes("dropped_before"):
            return _drop(request)
        left = []
        if operation == "BatchGetItem":
            left = _hold_back(asked, faults)
            body = json.dumps(asked).encode()
        status, answer = await _passed_on(session, endpoint, request, body)
        if not is_spared and faults.strikes("dropped_after"):
            return _drop(request)
        if left:
            (name,) = asked["RequestItems"]
            told = json.loads(answer)
            wanted = asked["RequestItems"][name] | {"Keys": left}
            answer = json.dumps(told | {"UnprocessedKeys": {name: wanted}}).encode()
        return web.Response(status=status, body=answer, content_type="application/x-amz-json-1.0")

    app = web.Application(client_max_size=_LARGEST_BODY)
    app.router.add_post("/", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    async with ClientSession(auto_decompress=True) as session:
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()


async def _before(
    operation: str, asked: dict[str, Any], faults: Faults
) -> web.StreamResponse | None:
    if faults.strikes("delayed"):
        await asyncio.sleep(0.05)
    if faults.strikes("throttled"):
        return _refused(400, "ProvisionedThroughputExceededException")
    if operation == "TransactWriteItems" and faults.strikes("clashing"):
        reasons = [{"Code": "None"} for _ in asked["TransactItems"]]
        reasons[-1] = {"Code": "TransactionConflict", "Message": "Transaction is ongoing"}
        return _refused(400, "TransactionCanceledException", CancellationReasons=reasons)
    if faults.strikes("failing"):
        return _refused(503, "ServiceUnavailable")
    return None


def _refused(status: int, code: str, **more: Any) -> web.Response:
    told = {"__type": _TYPE + code, "message": code, **more}
    return web.json_response(told, status=status, content_type="application/x-amz-json-1.0")


def _drop(request: web.Request) -> web.StreamResponse:
    """Close the connection without a response."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def _hold_back(asked: dict[str, Any], faults: Faults) -> list[dict[str, Any]]:
    """Remove some keys from a request, never all: DynamoDB answers at least one."""
    ((name, wanted),) = asked["RequestItems"].items()
    first, *others = wanted["Keys"]
    left = [key for key in others if faults.strikes("unprocessed")]
    asked["RequestItems"] = {
        name: wanted | {"Keys": [first, *(key for key in others if key not in left)]}
    }
    return left


async def _passed_on(
    session: ClientSession, endpoint: str, request: web.Request, body: bytes
) -> tuple[int, bytes]:
    kept = {
        name: value
        for name, value in request.headers.items()
        if name.lower() in ("x-amz-target", "authorization", "x-amz-date", "content-type")
    }
    async with session.post(endpoint, data=body, headers=kept) as answer:
        return answer.status, await answer.read()
