"""A boat's price history, as a list and as a chart."""

from __future__ import annotations

from dataclasses import dataclass

from ....i18n.dates import since
from ....i18n.texts import gettext as _
from ....listings.listing import AskedPrice, Listing, Money
from ....listings.pricing import price_text, units_of

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
    """The prices of a boat; None when there was only ever one, or it is on request now."""
    history = listing.price_history
    if len(history) < 2 or listing.price_on_request:
        return None
    dots = _dots(history, now)
    corners: list[tuple[float, float]] = []
    for x, y in dots:
        if corners:
            corners.append((x, corners[-1][1]))
        corners.append((x, y))
    corners.append((WIDTH - _MARGIN, dots[-1][1]))
    line = " ".join(f"{x},{y}" for x, y in corners)
    return PriceHistory(_steps(history, now), line, dots, _sentence(history))


def _sentence(history: tuple[AskedPrice, ...]) -> str:
    ends = {"first": price_text(history[0].asked), "last": price_text(history[-1].asked)}
    if not _is_in_one_currency(history):
        return _("First asking price %(first)s, now %(last)s.") % ends
    asked = [step.asked for step in history if step.asked]
    ends |= {
        "lowest": price_text(min(asked, key=_amount)),
        "highest": price_text(max(asked, key=_amount)),
    }
    return (
        _("First asking price %(first)s, now %(last)s. Lowest %(lowest)s, highest %(highest)s.")
        % ends
    )


def _amount(sum: Money) -> int:
    return sum.amount


def _is_in_one_currency(history: tuple[AskedPrice, ...]) -> bool:
    return len({step.asked.currency for step in history if step.asked}) == 1


def _steps(history: tuple[AskedPrice, ...], now: int) -> list[PriceStep]:
    befores = (None, *history[:-1])
    steps = [
        PriceStep(price_text(step.asked), since(step.at, now), _change(before, step))
        for before, step in zip(befores, history, strict=True)
    ]
    return steps[::-1]


def _change(before: AskedPrice | None, step: AskedPrice) -> str:
    if before is None or before.asked is None or step.asked is None:
        return ""
    if step.asked.is_below(before.asked):
        return _("%(sum)s less") % {"sum": price_text(before.asked - step.asked)}
    if before.asked.is_below(step.asked):
        return _("%(sum)s more") % {"sum": price_text(step.asked - before.asked)}
    return ""


def _height(asked: Money, cents: int, history: tuple[AskedPrice, ...]) -> float:
    return float(units_of(asked)) if _is_in_one_currency(history) else cents / 100


def _first_height(history: tuple[AskedPrice, ...]) -> float:
    priced = ((step.asked, step.price) for step in history)
    return next((_height(asked, cents, history) for asked, cents in priced if asked and cents), 0.0)


def _dots(history: tuple[AskedPrice, ...], now: int) -> list[tuple[float, float]]:
    start, span = history[0].at, max(1, now - history[0].at)
    # Sums in several currencies have no common scale but the dollars that they came to then.
    heights: list[float] = []
    for step in history:
        if step.price is None or step.asked is None:
            # While it was on request, the line goes on as it was.
            heights.append(heights[-1] if heights else _first_height(history))
        else:
            heights.append(_height(step.asked, step.price, history))
    lowest = min(heights)
    height = max(1, max(heights) - lowest)
    return [
        (
            round(_MARGIN + (WIDTH - 2 * _MARGIN) * min(1, max(0, step.at - start) / span), 1),
            round(HEIGHT - _MARGIN - (HEIGHT - 2 * _MARGIN) * (figure - lowest) / height, 1),
        )
        for step, figure in zip(history, heights, strict=True)
    ]
