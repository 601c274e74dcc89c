"""List, grid or map: the layout of results, from the address or the reader's last choice."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from litestar.datastructures import Cookie

from ....clock import YEAR_SECONDS
from ....composition import Market
from ....i18n.texts import gettext as _
from ...security.access import AnyRequest
from ...security.cookies import kept_cookie, kept_name

VIEW = "view"


class ResultsLayout(StrEnum):
    GRID = "grid"
    LIST = "list"
    MAP = "map"

    @property
    def label(self) -> str:
        return {
            ResultsLayout.GRID: _("Grid"),
            ResultsLayout.LIST: _("List"),
            ResultsLayout.MAP: _("Map"),
        }[self]


def layout_in_address(pairs: Iterable[tuple[str, str]]) -> ResultsLayout | None:
    """The view that an address chooses, if it does."""
    lines = [value for name, value in pairs if name == VIEW]
    return ResultsLayout(lines[-1]) if lines and lines[-1] in set(ResultsLayout) else None


def chosen_layout(
    request: AnyRequest, market: Market, layout: ResultsLayout | None
) -> ResultsLayout:
    """The view that holds: the address's, else the one that the browser remembers, else a grid."""
    kept: Any = request.cookies.get(kept_name(market.settings, VIEW))
    return layout or (ResultsLayout(kept) if kept in set(ResultsLayout) else ResultsLayout.GRID)


def layout_cookie(
    request: AnyRequest, market: Market, layout: ResultsLayout | None
) -> list[Cookie]:
    """The cookie that remembers a view, where the address chose another one than it holds."""
    if layout is None or request.cookies.get(kept_name(market.settings, VIEW)) == layout.value:
        return []
    return [kept_cookie(market.settings, VIEW, layout.value, YEAR_SECONDS)]
