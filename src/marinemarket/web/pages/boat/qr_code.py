"""QR codes on printed pages, which lead back to the boat's page."""

from __future__ import annotations

import io
import re

import segno
from litestar import Response, get
from litestar.params import FromPath

from ....clock import DAY_SECONDS
from ....errors import NotFound
from ...dependencies import CurrentMarket

_NAME = re.compile(r"(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.svg")


def code_address(listing_id: str) -> str:
    """Where the code of a boat's page is."""
    return f"/codes/{listing_id}.svg"


@get("/codes/{name:str}", include_in_schema=False, open_to_all=True, shared_for=DAY_SECONDS)
async def show_code(name: FromPath[str], market: CurrentMarket) -> Response[bytes]:
    """The code of a boat's short address, which leads to her page whatever she is called by then.

    It says nothing of the boat, not even whether there is one, so nothing is read for it.
    """
    found = _NAME.fullmatch(name)
    if found is None:
        raise NotFound("code", name)
    written = io.BytesIO()
    code = segno.make_qr(f"{market.settings.public_url}/boats/{found['id']}", error="m")
    code.save(written, kind="svg", scale=4, border=2, dark="#000", light="#fff", xmldecl=False)
    headers = {
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(written.getvalue(), media_type="image/svg+xml", headers=headers)
