"""What cameras write between the pictures of a stream: positions go, and what a player needs stays."""

from __future__ import annotations

import pytest

from marinemarket.errors import Invalid
from marinemarket.media.unseen_messages import Stream, blank_messages
from marinemarket.media.video_buffer import MOST_PARTS
from marinemarket.media.videos import clean_content

from .video_files import PLACE, a_film, box

KEPT, PLACED, REGISTERED = 6, 5, 4
PICTURE = b"a picture, and no message"
H264, H265 = (b"avc1", b"\x06", b"\x65"), (b"hvc1", b"\x4e\x01", b"\x26\x01")


def message(kind: int, content: bytes) -> bytes:
    many, few = divmod(len(content), 255)
    return bytes([kind]) + b"\xff" * many + bytes([few]) + content


def units(*found: bytes) -> bytes:
    return b"".join(len(unit).to_bytes(4, "big") + unit for unit in found)


def decoder(codec: bytes, *configured: bytes) -> bytes:
    if codec == b"avc1":
        return box(b"avcC", b"\x01\x64\x00\x1f\xff\xe0\x00")
    held = b"".join(len(unit).to_bytes(2, "big") + unit for unit in configured)
    array = b"\xa7" + len(configured).to_bytes(2, "big") + held
    return box(b"hvcC", b"\x01" + bytes(20) + b"\x0f\x01" + array)


@pytest.mark.parametrize(("codec", "header", "picture"), [H264, H265], ids=["H.264", "H.265"])
@pytest.mark.parametrize("kind", [PLACED, REGISTERED, 200])
def test_a_position_between_pictures_is_blanked(
    codec: bytes, header: bytes, picture: bytes, kind: int
) -> None:
    told = header + message(kind, bytes(16) + PLACE * 40) + b"\x80"
    needed = header + message(KEPT, b"start here") + b"\x80"
    both = header + message(KEPT, b"and here") + message(kind, PLACE) + b"\x80"
    shown = picture + PICTURE
    samples = [units(told, needed, shown), units(both, shown), units(shown)]
    film = bytearray(a_film(codec=codec, decoder=decoder(codec, told, needed), pictures=samples))
    length, places = len(film), film.count(shown)

    clean_content(film, "mp4")

    assert (PLACE in film, len(film)) == (False, length)
    assert (film.count(needed), film.count(shown)) == (1 + (codec == b"hvc1"), places)


def test_a_picture_that_only_looks_like_a_message_is_kept() -> None:
    shown = b"\x41" + b"\x06" + message(PLACED, b"part of the picture")
    film = bytearray(a_film(decoder=decoder(b"avc1"), pictures=[units(shown)]))
    clean_content(film, "mp4")
    assert shown in film


@pytest.mark.parametrize("header", [b"\x06", b"\x4e\x01"], ids=["H.264", "H.265"])
@pytest.mark.parametrize("length", [3, 4, 5, 254, 255, 256, 257, 258, 259, 260, 513, 514, 515, 770])
def test_what_is_blanked_is_one_whole_unit_of_filling(header: bytes, length: int) -> None:
    unit = header + message(PLACED, b"x")[:2].ljust(length - 1, b"x") + b"\x80"
    data = bytearray(units(unit, PICTURE))
    types = frozenset({6}) if len(header) == 1 else frozenset({39, 40})
    blank_messages(data, Stream(4, len(header), len(header) - 1, types), [(0, len(data))])

    assert data[: 4 + len(header)] == units(unit)[: 4 + len(header)]
    rest = data[4 + len(header) : 4 + len(unit)]
    kinds = set()
    while rest != b"\x80":
        size, at = 0, 1
        while rest[at] == 255:
            size, at = size + 255, at + 1
        kinds.add(rest[0])
        size, at = size + rest[at], at + 1
        assert rest[at : at + size] == b"\xff" * size
        rest = rest[at + size :]
    assert kinds == {3}
    assert data.endswith(PICTURE)


def test_a_film_of_countless_units_is_refused() -> None:
    film = bytearray(a_film(decoder=decoder(b"avc1"), pictures=[b"\0\0\0\1\1" * (MOST_PARTS + 1)]))
    with pytest.raises(Invalid, match="video"):
        clean_content(film, "mp4")
