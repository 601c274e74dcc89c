"""What a page costs compared with the unavoidable: its reads, and rendering its template.

It measures three things in turn, in one process, on the demonstration market: the page, requested from
the whole application as a server would; its reads and the bare rendering of its template with exactly
the context that the page had; and the framework's own response with a constant page. It reports CPU
times, medians of rounds, and the median ratio of the pairs, since the machine's speed drifts. Pages are
sent uncompressed; gzip is measured separately.

    .venv/bin/python -m benchmarks.web
"""

from __future__ import annotations

import asyncio
import gzip
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from litestar import Litestar, get

from marinemarket.accounts.records import find_user
from marinemarket.composition import Market, open_market
from marinemarket.config.settings import Settings
from marinemarket.demo.seeder import fill
from marinemarket.listings.listing import Listing
from marinemarket.listings.statistics.records import total_views
from marinemarket.messages.records import answer_time
from marinemarket.search import gazetteer
from marinemarket.search.finder import find_boats
from marinemarket.search.index_follower import reach
from marinemarket.search.seller_offers import count_offers
from marinemarket.search.similar import similar_to
from marinemarket.web.app import create_app
from marinemarket.web.pages.seller import boats_of
from marinemarket.web.query_string import page_search

ROUNDS = 15
PAGES = 20

Work = Callable[[], Awaitable[Any]]

SEARCHES: tuple[str, ...] = (
    "/boats",
    "/boats?q=beneteau",
    "/boats?type=sailboat&price_max=150000&sort=price",
    "/boats?near=annapolis&radius=100",
)


@get("/constant", media_type="text/html", sync_to_thread=False)
def constant() -> str:
    """The framework's own cost of a page: a route and a response."""
    return "<!doctype html><title>Constant</title><p>Always the same.</p>"


@dataclass
class Recorded:
    """An application's templates, which record the context they were rendered with."""

    app: Litestar
    rendered: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        engine = self.app.template_engine
        assert engine is not None
        original = engine.get_template
        recorded = self.rendered

        class Recording:
            def __init__(self, template: Any) -> None:
                self.template = template

            def render(self, *args: Any, **context: Any) -> str:
                recorded.append((self.template, dict(*args, **context)))
                return str(self.template.render(*args, **context))

        def get_template(name: str) -> Any:
            return Recording(original(name))

        engine.get_template = get_template  # until `stop`

    def stop(self) -> None:
        assert self.app.template_engine is not None
        del self.app.template_engine.get_template


async def asked(app: Litestar, address: str) -> bytes:
    """The application's response to a GET, as a server sees it. Raises RuntimeError unless it is 200."""
    parts = urlsplit(address)
    body: list[bytes] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start" and message["status"] != 200:
            raise RuntimeError(f"{address} answers {message['status']}")
        body.append(message.get("body", b""))

    scope: Any = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": parts.path, "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(), "headers": [(b"host", b"127.0.0.1:8000")],
        "client": ("127.0.0.1", 4711), "server": ("127.0.0.1", 8000), "root_path": "",
        "app": app, "state": {},
    }  # fmt: skip
    await app(scope, receive, send)
    return b"".join(body)


async def main(data: Path) -> None:
    # Repeated requests must not run into the rate limit.
    settings = Settings(data=data, limit_search="off")
    async with open_market(settings) as market:
        await fill(market, lambda done: None)
        await reach(market.store, market.engine)
        found = await find_boats(
            market.listings, market.engine.index, page_search([])[0], market.clock
        )
        boats = found.listings
    gazetteer.load()  # or it would be loaded during the measurement
    app, bare = create_app(settings), Litestar([constant], openapi_config=None, logging_config=None)
    async with app.lifespan(), bare.lifespan():
        market = app.state.market
        for address in SEARCHES:
            search, _ = page_search(_pairs(address))

            async def reads(search: Any = search) -> None:
                await find_boats(market.listings, market.engine.index, search, market.clock)

            await _compare(app, bare, address, reads)
        boat = boats[0]

        async def reads_of_boat() -> None:
            await _reads(market, boat)

        await _compare(app, bare, f"/boats/{boat.id}/{boat.slug}", reads_of_boat)


async def _reads(market: Market, boat: Listing) -> None:
    listing = await market.listings.find(boat.id)
    assert listing is not None
    owner = await find_user(market.store, listing.owner_id)
    assert owner is not None
    await boats_of(market, owner)
    await answer_time(market.store, owner.id)
    await total_views(market.store, listing.id)
    await similar_to(market.listings, market.engine.index, listing)
    await count_offers(market.engine.index, listing.owner_id)


def _pairs(address: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(address).query)


async def _compare(app: Litestar, bare: Litestar, address: str, reads: Work) -> None:
    recorded = Recorded(app)
    page = await asked(app, address)
    recorded.stop()
    [(template, context)] = recorded.rendered

    async def whole() -> None:
        await asked(app, address)

    async def needed() -> None:
        await reads()
        template.render(context)

    async def nothing() -> None:
        await asked(bare, "/constant")

    async def zipped() -> None:
        gzip.compress(page, compresslevel=9)

    works: dict[str, Work] = {"page": whole, "needed": needed, "constant": nothing, "gzip": zipped}
    spent: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            spent[name].append(await _spent(work))
    ratios = [p / n for p, n in zip(spent["page"], spent["needed"], strict=True)]
    message = ", ".join(f"{name} {1000 * statistics.median(s):.2f}" for name, s in spent.items())
    print(f"{address}: {len(page):,} bytes; ms CPU: {message}; page / needed "
          f"{statistics.median(ratios):.2f}", flush=True)  # fmt: skip


async def _spent(work: Work) -> float:
    """CPU seconds of one piece of work, averaged over several in a row."""
    began = time.process_time()
    for _ in range(PAGES):
        await work()
    return (time.process_time() - began) / PAGES


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(Path(folder) / "data"))
