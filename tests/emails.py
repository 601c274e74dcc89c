"""What the market would send: the outbox, opened."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from marinemarket.composition import Market
from marinemarket.store.schema import OUTBOX
from tests.store.paging import scanned


@dataclass(frozen=True)
class Sent:
    template: str
    to: str
    values: dict[str, Any]

    @property
    def token(self) -> str:
        """The token of the letter's link."""
        link: str = self.values["link"]
        return parse_qs(urlsplit(link).query)["token"][0]


async def letters(market: Market, template: str | None = None) -> list[Sent]:
    """Every letter that waits in the outbox, oldest first; or those of one template."""
    items = sorted(await scanned(market.store, OUTBOX), key=lambda item: str(item["createdAt"]))
    found = []
    for item in items:
        if "sealed" not in item:
            continue  # it was sent, and its content is gone
        opened = json.loads(
            await market.accounts.vault.open(item["sealed"], bound_to=f"letter {item['id']}")
        )
        found.append(Sent(item["template"], opened["to"], opened["values"]))
    return [sent for sent in found if template in (None, sent.template)]
