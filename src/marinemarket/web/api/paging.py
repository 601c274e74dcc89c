"""Paging by the query string: the page size and the cursor."""

from __future__ import annotations

from typing import Annotated

from litestar.params import QueryParameter

FromLimit = Annotated[int, QueryParameter(ge=1, le=100)]
FromAfter = Annotated[str | None, QueryParameter(max_length=2000)]
