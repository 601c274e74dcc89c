"""Pictures and videos that a file names on other hosts: a market shows only files of its own."""

from __future__ import annotations

from typing import Any

from ..photo import is_own_picture
from ..video import video_id


def take_media_elsewhere(payload: dict[str, Any]) -> list[str]:
    """Remove the addresses of pictures and videos that are not on this site; returns them."""
    elsewhere = []
    rules = {"images": is_own_picture, "thumbnails": is_own_picture, "videos": video_id}
    for name, is_own in rules.items():
        given = payload.get(name, ())
        found = [address for address in given if isinstance(address, str) and not is_own(address)]
        if found:
            payload[name] = [address for address in payload[name] if address not in found]
            elsewhere += found if name != "thumbnails" else []
    return elsewhere
