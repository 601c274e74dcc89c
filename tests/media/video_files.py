"""Videos for tests: just the boxes or elements, around some text."""

from __future__ import annotations

PLACE, PHONE, OTHER = b"+27.1978-080.2528/", b"Phone of Ann", b"by-somebody"


def box(name: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return (len(body) + 8).to_bytes(4, "big") + name + body


def a_film(brand: bytes = b"isom") -> bytes:
    """An MP4, or with the brand ``qt  `` a QuickTime film, with location metadata."""
    return b"".join(
        (
            box(b"ftyp", brand, bytes(4)),
            box(b"uuid", bytes(16), OTHER),
            box(b"mdat", b"moving pictures"),
            box(
                b"moov",
                box(b"mvhd", bytes(100)),
                box(b"trak", box(b"tkhd", bytes(20)), box(b"udta", box(b"name", PHONE))),
                box(b"udta", box(b"\xa9xyz", PLACE)),
                box(b"meta", box(b"ilst", PLACE, PHONE)),
            ),
        )
    )


def _element(name: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return name + (len(body) | 1 << 28).to_bytes(4, "big") + body


def a_webm() -> bytes:
    """A WebM with tags and an attachment."""
    return _element(b"\x1a\x45\xdf\xa3", b"\x42\x82\x84webm") + _element(
        b"\x18\x53\x80\x67",
        _element(b"\x15\x49\xa9\x66", b"\xec\x81\x00"),
        _element(b"\x1f\x43\xb6\x75", b"moving pictures"),
        _element(b"\x12\x54\xc3\x67", PLACE, PHONE),
        _element(b"\x19\x41\xa4\x69", OTHER),
    )
