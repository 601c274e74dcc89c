"""List, grid or map: how results are laid out, by the address, or as one chose the last time."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from litestar.datastructures import Cookie

from ...assembly import Market
from ..access import AnyRequest
from ..cookies import kept_cookie, kept_name
from ..texts import gettext as _

VIEW = "view"
_YEAR = 365 * 24 * 60 * 60


class View(StrEnum):
    GRID = "grid"
    LIST = "list"
    MAP = "map"

    @property
    def label(self) -> str:
        return {View.GRID: _("Grid"), View.LIST: _("List"), View.MAP: _("Map")}[self]


def view_said(pairs: Iterable[tuple[str, str]]) -> View | None:
    """The view that an address chooses, if it does."""
    said = [value for name, value in pairs if name == VIEW]
    return View(said[-1]) if said and said[-1] in set(View) else None


def view_of(request: AnyRequest, market: Market, said: View | None) -> View:
    """The view that holds: the address's, else the one that the browser remembers, else a grid."""
    kept: Any = request.cookies.get(kept_name(market.settings, VIEW))
    return said or (View(kept) if kept in set(View) else View.GRID)


def remembering_view(request: AnyRequest, market: Market, said: View | None) -> list[Cookie]:
    """The cookie that remembers a view, where the address chose another one than it holds."""
    if said is None or request.cookies.get(kept_name(market.settings, VIEW)) == said.value:
        return []
    return [kept_cookie(market.settings, VIEW, said.value, _YEAR)]
