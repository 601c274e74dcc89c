"""``search``: what a visitor would find, at the prompt."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from ..assembly import Market
from ..listings.listing import Listing
from ..search.filters import Search, Sort
from ..search.finding import Found, find_boats
from ..search.follower import reach
from ..wire import encode
from .command import DONE, json_option, market_command


class _Number(click.ParamType[Decimal]):
    name = "number"

    def convert(self, value: Any, param: Any, ctx: Any) -> Decimal:
        try:
            number = Decimal(str(value).replace(",", ""))
        except ArithmeticError:
            number = Decimal("NaN")
        if not number.is_finite() or not -(10**12) < number < 10**12:
            self.fail(f"{value!r} is no number of sensible size", param, ctx)
        return number


NUMBER = _Number()


@click.command()
@click.argument("text", nargs=-1)
@click.option("--price-min", type=NUMBER, help="In dollars.")
@click.option("--price-max", type=NUMBER, help="In dollars.")
@click.option("--year-min", type=int)
@click.option("--year-max", type=int)
@click.option("--length-min", type=NUMBER, help="In feet.")
@click.option("--length-max", type=NUMBER, help="In feet.")
@click.option("--type", "types", multiple=True, help="A boat type; any of several.")
@click.option("--state", help="FL, US-FL or Florida.")
@click.option("--country", help="Two letters, or the English name.")
@click.option("--feature", "features", multiple=True, help="A feature; all of several.")
@click.option("--condition", "conditions", multiple=True, help="A condition; any of several.")
@click.option("--sort", type=click.Choice([s.value for s in Sort if s is not Sort.DISTANCE]))
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True)
@click.option("--after", help="The `next` of an earlier answer.")
@json_option
@market_command
async def search(market: Market, /, as_json: bool, **asked: Any) -> int:
    """Find boats by TEXT and by figures, once the index has everything that was committed."""
    wanted = Search.parse(_filters(asked))
    await reach(market.store, market.engine)
    found = await find_boats(market.listings, market.engine.index, wanted, market.clock)
    if as_json:
        click.echo(encode(found.to_wire()).decode())
    else:
        _show(found)
    return DONE


def _filters(asked: dict[str, Any]) -> dict[str, Any]:
    """The options as SearchFilters: dollars become cents, absent ones stay absent."""
    return {
        "query": " ".join(asked["text"]) or None,
        "priceRange": {"min": _cents(asked["price_min"]), "max": _cents(asked["price_max"])},
        "yearRange": {"min": asked["year_min"], "max": asked["year_max"]},
        "lengthRange": {"min": asked["length_min"], "max": asked["length_max"]},
        "location": {"state": asked["state"], "country": asked["country"]},
        "boatType": asked["types"],
        "features": asked["features"],
        "condition": asked["conditions"],
        "sort": asked["sort"],
        "limit": asked["limit"],
        "after": asked["after"],
    }


def _cents(dollars: Decimal | None) -> int | None:
    return None if dollars is None else int(dollars * 100)


def _show(found: Found) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Price", "Year", "Feet"):
        table.add_column(heading, justify="right")
    for heading in ("Boat", "Where", "Id"):
        table.add_column(heading, overflow="fold")
    for listing in found.listings:
        table.add_row(*_cells(listing))
    console = Console(highlight=False)
    console.print(table)
    more = " More follow: --json gives `next`, and --after takes it." if found.next else ""
    console.print(f"{found.total:,} boats match.{more}", soft_wrap=True)


def _cells(listing: Listing) -> tuple[str, ...]:
    boat = listing.boat_details
    return (
        f"${listing.price // 100:,}",
        str(boat.year or ""),
        f"{boat.length:.1f}" if boat.length else "",
        listing.title,
        str(listing.location),
        listing.id,
    )
