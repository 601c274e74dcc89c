"""Serves the files of photos and videos. The content at an address never changes.

Pictures are never fetched from an address that a user enters; only uploaded files are shown.
"""

from __future__ import annotations

import re
from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Stream

from ..errors import NotFound
from ..links import VIDEO_FILES
from ..listings.photo import KINDS, LARGE, MEDIUM, SMALL, TINY
from ..listings.video import VIDEO_ADDRESS
from ..media.studio import photo_file, video_file
from .dependencies import CurrentMarket
from .etags import is_known
from .security.access import AnyRequest
from .security.caching import FOR_EVER

_TYPES = {
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
}
_ID = re.compile(r"[0-9a-f]{32}")
_NAMES = {f"{size}.{kind}": (size, kind) for size in (LARGE, MEDIUM, SMALL, TINY) for kind in KINDS}

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


@get(
    "/media/photos/{photo_id:str}/{name:str}",
    include_in_schema=False,
    open_to_all=True,
    shared_for=FOR_EVER,
)
async def show_photo(
    photo_id: FromPath[str], name: FromPath[str], request: AnyRequest, market: CurrentMarket
) -> Response[Any]:
    if not _ID.fullmatch(photo_id) or name not in _NAMES:
        raise NotFound("photo", photo_id[:40])
    size, kind = _NAMES[name]
    etag = f'"{photo_id}-{size}-{kind}"'
    headers = _HEADERS | {"ETag": etag}
    if is_known(request, etag):
        return Response(None, status_code=304, headers=headers)
    content = await market.studio.blobs.read(photo_file(photo_id, size, kind))
    return Response(content, media_type=_TYPES[kind], headers=headers)


@get("/media/videos/{name:str}", include_in_schema=False, open_to_all=True, shared_for=FOR_EVER)
async def show_video(
    name: FromPath[str], request: AnyRequest, market: CurrentMarket
) -> Response[Any]:
    """A video, or the part of it that a player asks for (RFC 9110, 14)."""
    found = re.fullmatch(VIDEO_ADDRESS, f"{VIDEO_FILES}/{name}")
    if found is None:
        raise NotFound("video", name[:40])
    file = video_file(found[1], found[2])
    size = await market.studio.blobs.size(file)
    headers = _HEADERS | {"ETag": f'"{found[1]}"', "Accept-Ranges": "bytes"}
    wanted = request.headers.get("Range")
    if request.headers.get("If-Range", headers["ETag"]) != headers["ETag"]:
        wanted = None
    part = _part(wanted, size)
    if part is None:
        return Response(None, status_code=416, headers={"Content-Range": f"bytes */{size}"})
    first, end = part
    if wanted and part != (0, size):
        headers["Content-Range"] = f"bytes {first}-{end - 1}/{size}"
    return Stream(
        market.studio.blobs.pieces(file, first, end),
        status_code=206 if "Content-Range" in headers else 200,
        media_type=_TYPES[found[2]],
        headers=headers | {"Content-Length": str(end - first)},
    )


def _part(wanted: str | None, size: int) -> tuple[int, int] | None:
    """The bytes from, and up to, that a Range asks for; all where it is none that we know.

    None for one beyond the end. Of several parts all of the file is the answer, as is allowed.
    """
    asked = re.fullmatch(r"bytes=([0-9]{0,15})-([0-9]{0,15})", (wanted or "").strip())
    if asked is None or asked[1] == asked[2] == "":
        return 0, size
    if asked[1] == "":
        last = int(asked[2])
        return (max(size - last, 0), size) if last else None
    first, end = int(asked[1]), min(int(asked[2]) + 1, size) if asked[2] else size
    if asked[2] and int(asked[2]) < first:
        return 0, size
    return (first, end) if first < size else None
