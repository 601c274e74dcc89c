"""A boat's price history, as a list and as a chart."""

from __future__ import annotations

from dataclasses import dataclass

from ....i18n.dates import since
from ....i18n.numbers import dollars
from ....i18n.texts import gettext as _
from ....listings.listing import AskedPrice, Listing

WIDTH, HEIGHT = 320, 88
_MARGIN = 8


@dataclass(frozen=True, slots=True)
class PriceStep:
    """What was asked from some time on; `change` says by how much more or less than before."""

    price: str
    when: str
    change: str


@dataclass(frozen=True, slots=True)
class PriceHistory:
    """The prices so far, the latest first, and a line of them in a box of `width` by `height`.

    The line keeps its height from one price to the next, as prices do. `dots` are where they
    changed, x and y; `text` is what the line says, in words.
    """

    steps: list[PriceStep]
    line: str
    dots: list[tuple[float, float]]
    text: str
    width: int = WIDTH
    height: int = HEIGHT


def price_history(listing: Listing, now: int) -> PriceHistory | None:
    """The prices of a boat; None when there was only ever one."""
    history = listing.price_history
    if len(history) < 2:
        return None
    dots = _dots(history, now)
    corners: list[tuple[float, float]] = []
    for x, y in dots:
        if corners:
            corners.append((x, corners[-1][1]))
        corners.append((x, y))
    corners.append((WIDTH - _MARGIN, dots[-1][1]))
    sentence = _(
        "First asking price %(first)s, now %(last)s. Lowest %(lowest)s, highest %(highest)s."
    ) % {
        "first": dollars(history[0].price),
        "last": dollars(history[-1].price),
        "lowest": dollars(min(step.price for step in history)),
        "highest": dollars(max(step.price for step in history)),
    }
    line = " ".join(f"{x},{y}" for x, y in corners)
    return PriceHistory(_steps(history, now), line, dots, sentence)


def _steps(history: tuple[AskedPrice, ...], now: int) -> list[PriceStep]:
    befores = (None, *history[:-1])
    steps = [
        PriceStep(dollars(step.price), since(step.at, now), _change(before, step))
        for before, step in zip(befores, history, strict=True)
    ]
    return steps[::-1]


def _change(before: AskedPrice | None, step: AskedPrice) -> str:
    if before is None or before.price == step.price:
        return ""
    if step.price < before.price:
        return _("%(sum)s less") % {"sum": dollars(before.price - step.price)}
    return _("%(sum)s more") % {"sum": dollars(step.price - before.price)}


def _dots(history: tuple[AskedPrice, ...], now: int) -> list[tuple[float, float]]:
    start, span = history[0].at, max(1, now - history[0].at)
    lowest = min(step.price for step in history)
    height = max(1, max(step.price for step in history) - lowest)
    return [
        (
            round(_MARGIN + (WIDTH - 2 * _MARGIN) * min(1, max(0, step.at - start) / span), 1),
            round(HEIGHT - _MARGIN - (HEIGHT - 2 * _MARGIN) * (step.price - lowest) / height, 1),
        )
        for step in history
    ]
