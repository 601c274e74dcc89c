"""``search``: what a visitor would find, from the command line."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from ..figures.lengths import read_feet
from ..figures.money import read_dollars
from ..figures.numbers import read_quantity
from ..i18n.numbers import dollars, whole
from ..listings.pricing import price_text
from ..search.filters import Search, Sort
from ..web.query_string import RANGES, near
from ..wire import encode
from .command import DONE, json_option, keyless_market_command
from .options import FieldArgument, FieldOption

if TYPE_CHECKING:
    from ..composition import Market
    from ..listings.listing import Listing
    from ..search.finder import FoundBoats


class _Figure(click.ParamType[Decimal]):
    """A figure as people write it: ``9,5``, ``50k``, ``32' 6"``."""

    def __init__(self, name: str, read: Callable[[str], Decimal]) -> None:
        self.name, self._read = name, read

    def convert(self, value: Any, param: Any, ctx: Any) -> Decimal:
        try:
            return self._read(str(value))
        except ValueError as error:
            self.fail(f"{value!r}: {error}", param, ctx)


def _dollars(text: str) -> Decimal:
    return Decimal(read_dollars(text)) / 100


DOLLARS, FEET, NUMBER = (
    _Figure("dollars", _dollars), _Figure("feet", read_feet), _Figure("number", read_quantity),
)  # fmt: skip


class _Point(click.ParamType[Any]):
    """A point as ``27.2,-80.1``, or the name of a place."""

    name = "lat,lon|place"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        try:
            return near(value) if isinstance(value, str) else value
        except ValueError as error:
            self.fail(f"{value!r}: {error}", param, ctx)


_RANGES: dict[str, tuple[click.ParamType[Any], str]] = {
    "price": (DOLLARS, "price in dollars"),
    "year": (click.INT, "model year"),
    "length": (FEET, "length in feet"),
    "beam": (FEET, "beam in feet"),
    "draft": (FEET, "draft in feet"),
    "air-draft": (FEET, "air draft in feet"),
    "hours": (click.INT, "engine hours"),
    "cabins": (click.INT, "number of cabins"),
    "berths": (click.INT, "number of berths"),
    "days-listed": (click.INT, "days on the market"),
}


_Command = Callable[..., Any]


def _with_ranges(command: _Command) -> _Command:
    """Add a ``--…-min`` and a ``--…-max`` option for every range."""
    for name, (kind, what) in reversed(_RANGES.items()):
        for end, which in (("max", "Maximum"), ("min", "Minimum")):
            message = f"{which} {what}."
            field = f"{RANGES[name.replace('-', '_')][0]}.{end}"
            command = click.option(
                f"--{name}-{end}", cls=FieldOption, field=field, type=kind, help=message
            )(command)
    return command


def _option(
    name: str, field: str | tuple[str, ...], what: str, **given: Any
) -> Callable[[_Command], _Command]:
    """An option that fills a field of the search; in the plural, it may be repeated."""
    return click.option(f"--{name}", cls=FieldOption, field=field, help=what, **given)


def _list(name: str, field: str, what: str) -> Callable[[_Command], _Command]:
    return click.option(
        f"--{name}", f"{name}s", cls=FieldOption, field=field, multiple=True, help=what
    )


@click.command()
@click.argument("text", nargs=-1, cls=FieldArgument, field="query")
@_with_ranges
@_list("type", "boatType", "A boat type; repeat for any of several.")
@_list("maker", "manufacturer", "A manufacturer; repeat for any of several.")
@_option("state", "location.state", "FL, US-FL or Florida.")
@_option("country", "location.country", "A two-letter code, or the English name.")
@_option(
    "near", ("location.near", "location.coordinates"), "Boats near this place.",
    type=_Point(), metavar="LAT,LON|PLACE",
)  # fmt: skip
@_option("radius", "location.radius", "How far --near reaches, in miles.", type=NUMBER)
@_list("feature", "features", "A feature; repeat for all of several.")
@_list("condition", "condition", "A condition; repeat for any of several.")
@_list("fuel", "fuel", "A fuel; repeat for any of several.")
@_list("hull", "hullMaterial", "A hull material; repeat for any of several.")
@_list("usage", "usage", "new, used and so on; repeat for any of several.")
@_list("seller", "sellerKind", "private or broker; repeat for both.")
@_option("price-dropped", "priceDropped", "Only boats whose price has been lowered.", is_flag=True)
@_option(
    "hide-under-offer", "hideUnderOffer", "Leave out boats that are under offer.", is_flag=True
)
@_option("sort", "sort", "distance needs --near.", type=click.Choice([sort.value for sort in Sort]))
@_option("limit", "limit", "", type=click.IntRange(1, 100), default=20, show_default=True)
@_option("after", "after", "The `next` value of an earlier answer.")
@json_option
@keyless_market_command
async def search(market: Market, /, as_json: bool, **asked: Any) -> int:
    """Find boats by TEXT and filters, once the index has caught up with all changes."""
    from ..search.finder import find_boats
    from ..search.index_follower import reach

    wanted = Search.parse(_filters(asked))
    await reach(market.store, market.engine)
    found = await find_boats(market.listings, market.engine.index, wanted, market.clock)
    if as_json:
        click.echo(encode(found.to_wire()).decode())
    else:
        _show(found, wanted.query or "")
    return DONE


def _filters(asked: dict[str, Any]) -> dict[str, Any]:
    """The options as SearchFilters: dollars become cents, missing options stay missing."""
    ranges = {
        RANGES[name][0]: {end: asked[f"{name}_{end}"] for end in ("min", "max")}
        for name in (option.replace("-", "_") for option in _RANGES)
    }
    ranges["priceRange"] = {end: _cents(dollars) for end, dollars in ranges["priceRange"].items()}
    place = asked["near"]
    return ranges | {
        "query": " ".join(asked["text"]) or None,
        "location": {
            "state": asked["state"],
            "country": asked["country"],
            "near": place if isinstance(place, str) else None,
            "coordinates": None if isinstance(place, str) else place,
            "radius": asked["radius"],
        },
        "boatType": asked["types"],
        "manufacturer": asked["makers"],
        "features": asked["features"],
        "condition": asked["conditions"],
        "fuel": asked["fuels"],
        "hullMaterial": asked["hulls"],
        "usage": asked["usages"],
        "sellerKind": asked["sellers"],
        "priceDropped": asked["price_dropped"],
        "hideUnderOffer": asked["hide_under_offer"],
        "sort": asked["sort"],
        "limit": asked["limit"],
        "after": asked["after"],
    }


def _cents(dollars: Decimal | None) -> int | None:
    return None if dollars is None else int(dollars * 100)


def _show(found: FoundBoats, query: str) -> None:
    from ..search.query_labels import label_of

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Price", "Year", "Feet"):
        table.add_column(heading, justify="right")
    for heading in ("Boat", "Where", "Id"):
        table.add_column(heading, overflow="fold")
    for listing in found.listings:
        table.add_row(*_cells(listing))
    console = Console(highlight=False)
    if found.listings:
        console.print(table)
    if read := [label_of(part, query) for part in found.parts if part.kind != "word"]:
        console.print(f"Understood: {'; '.join(read)}.", soft_wrap=True, markup=False)
    more = " To see more, pass the `next` value from --json to --after." if found.next else ""
    matching = "boat matches" if found.total == 1 else "boats match"
    console.print(f"{whole(found.total)} {matching}.{more}", soft_wrap=True)


def _cells(listing: Listing) -> tuple[str, ...]:
    boat = listing.boat_details
    return (
        price_text(listing.asked) if listing.price is None else dollars(listing.price),
        str(boat.year or ""),
        f"{boat.length:.1f}" if boat.length else "",
        listing.title,
        str(listing.location),
        listing.id,
    )
