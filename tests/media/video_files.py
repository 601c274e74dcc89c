"""Videos for tests, put together box by box: a picture, a sound, and what cameras add to them."""

from __future__ import annotations

from collections.abc import Sequence

PLACE, PHONE, OTHER = b"+27.1978-080.2528/", b"Phone of Ann", b"by-somebody"
PICTURE = [b"first picture, the key frame", b"second", b"third picture"]
SOUND = [b"ding", b"dong!", b"ding"]
POSITIONS = [b"GPS5 27.1978 -80.2528", b"GPS5 27.1979 -80.2529"]
TOLD = (
    PLACE,
    PHONE,
    OTHER,
    b"27.1978",
    b"27.1979",
    b"Camera of Bob",
    b"Ann's encoder",
    b"\xd9\x12\x34\x56",
)
"""What must be in no file that is served."""
_DATE = b"\xd9\x12\x34\x56"


def box(name: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return (len(body) + 8).to_bytes(4, "big") + name + body


DECODER = box(b"avcC", b"how to decode")


def u(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(4, "big") for number in numbers)


def _handler(kind: bytes) -> bytes:
    return box(b"hdlr", bytes(4), b"mhlr", kind, b"Bob!", bytes(8), b"Camera of Bob\0")


def _picture_entry(codec: bytes, decoder: bytes) -> bytes:
    fields = bytes(7) + b"\x01" + bytes(4) + b"Bob!" + bytes(8) + b"\x02\x80\x01\xe0" + bytes(14)
    name = (b"\x0dAnn's encoder").ljust(32, b"\0")
    return box(
        codec,
        fields,
        name,
        b"\0\x18\xff\xff",
        decoder,
        box(b"uuid", OTHER * 2),
    )


def _sound_entry() -> bytes:
    return box(
        b"mp4a",
        bytes(7) + b"\x01" + bytes(8),
        b"\0\x02\0\x10",
        bytes(8),
        box(b"esds", b"how it sounds"),
    )


def _other_entry(codec: bytes) -> bytes:
    return box(codec, bytes(7) + b"\x01")


def _track(
    number: int, kind: bytes, entry: bytes, samples: Sequence[bytes], offset: int, *others: bytes
) -> bytes:
    """A track whose samples are in one chunk at `offset`."""
    return box(
        b"trak",
        box(b"tkhd", bytes(4), _DATE, _DATE, u(number), bytes(64)),
        box(b"edts", box(b"elst", u(0, 1, 100, 0, 65536))),
        box(b"tref", box(b"cdsc", u(1))),
        box(
            b"mdia",
            box(b"mdhd", bytes(4), _DATE, _DATE, u(1000, 100, 0)),
            _handler(kind),
            box(
                b"minf",
                box(b"vmhd" if kind == b"vide" else b"smhd", bytes(8)),
                box(b"dinf", box(b"dref", u(0, 1), box(b"url ", u(1), b"file:///home/" + OTHER))),
                box(
                    b"stbl",
                    box(b"stsd", u(0, 1), entry),
                    box(b"stts", u(0, 1, len(samples), 1), PHONE),
                    box(b"stsc", u(0, 1, 1, len(samples), 1)),
                    box(b"stsz", u(0, 0, len(samples)), u(*map(len, samples))),
                    box(b"stco", u(0, 1, offset)),
                ),
            ),
        ),
        box(b"udta", box(b"name", PHONE)),
        *others,
    )


def a_film(
    brand: bytes | None = b"isom",
    *,
    codec: bytes = b"avc1",
    data_kind: bytes = b"meta",
    data_codec: bytes = b"gpmd",
    decoder: bytes = DECODER,
    pictures: Sequence[bytes] = PICTURE,
    trailer: bytes = b"",
) -> bytes:
    """An MP4, or with the brand ``qt  `` a QuickTime film, that tells where and by whom it was taken.

    Without a brand it begins as older cameras write it. Beside picture and sound it has a track of
    positions, a place in its boxes, names, dates and leftovers between its samples.
    """
    start = box(b"ftyp", brand, bytes(4)) if brand else box(b"wide")
    start += box(b"uuid", bytes(16), OTHER) + box(b"free", PLACE)
    at = len(start) + 8
    picture, sound, positions = b"".join(pictures), b"".join(SOUND), b"".join(POSITIONS)
    between = b"left over: " + PLACE
    data = picture + between + positions + sound + between
    offsets = [at, at + len(picture + between + positions), at + len(picture + between)]
    return b"".join(
        (
            start,
            box(b"mdat", data),
            box(
                b"moov",
                box(b"mvhd", bytes(4), _DATE, _DATE, bytes(88)),
                _track(1, b"vide", _picture_entry(codec, decoder), pictures, offsets[0]),
                _track(2, b"soun", _sound_entry(), SOUND, offsets[1]),
                _track(3, data_kind, _other_entry(data_codec), POSITIONS, offsets[2]),
                box(b"udta", box(b"\xa9xyz", PLACE), box(b"loci", PLACE), box(b"CAME", OTHER)),
                box(
                    b"meta",
                    box(b"keys", b"com.apple.quicktime.location.ISO6709"),
                    box(b"ilst", PLACE, PHONE),
                ),
            ),
            box(b"XMP_", PLACE),
            trailer,
        )
    )


def a_fragmented_film() -> bytes:
    """A film in fragments, as browsers record and servers stream it."""

    def part(track: int, samples: list[bytes], offset: int, *, by_default: bool = False) -> bytes:
        if by_default:
            run = box(b"trun", u(0x1, len(samples), offset))
            return box(b"traf", box(b"tfhd", u(0x020010, track, len(samples[0]))), run)
        run = box(b"trun", u(0x201, len(samples), offset), u(*map(len, samples)))
        return box(b"traf", box(b"tfhd", u(0x020000, track)), box(b"tfdt", u(0, 0)), run)

    def fragment(base: int) -> bytes:
        header = box(b"mfhd", u(0, 1))
        beats = [b"ding", b"dong"]
        size = len(
            box(
                b"moof",
                header,
                part(1, PICTURE, 0),
                part(2, beats, 0, by_default=True),
                part(3, POSITIONS, 0),
            )
        )
        picture, sound = b"".join(PICTURE), b"".join(beats)
        first = size + 8
        return box(
            b"moof",
            header,
            part(1, PICTURE, first),
            part(2, beats, first + len(picture), by_default=True),
            part(3, POSITIONS, first + len(picture + sound)),
        ) + box(b"mdat", picture, sound, *POSITIONS, OTHER)

    def track(number: int, kind: bytes, entry: bytes) -> bytes:
        return _track(number, kind, entry, [], 0)

    return b"".join(
        (
            box(b"ftyp", b"iso6", bytes(4)),
            box(
                b"moov",
                box(b"mvhd", bytes(4), _DATE, _DATE, bytes(88)),
                track(1, b"vide", _picture_entry(b"avc1", DECODER)),
                track(2, b"soun", _sound_entry()),
                track(3, b"meta", _other_entry(b"gpmd")),
                box(b"mvex", *(box(b"trex", u(0, n, 1, 0, 0, 0)) for n in (1, 2, 3))),
            ),
            box(b"emsg", PLACE),
            fragment(0),
            box(b"prft", OTHER),
            fragment(1),
        )
    )


def element(name: bytes, *content: bytes, open: bool = False) -> bytes:
    body = b"".join(content)
    size = b"\x01" + b"\xff" * 7 if open else (len(body) | 1 << 28).to_bytes(4, "big")
    return name + size + body


def _webm_track(number: int, kind: int, codec: bytes) -> bytes:
    return element(
        b"\xae",
        element(b"\xd7", bytes([number])),
        element(b"\x83", bytes([kind])),
        element(b"\x53\x6e", PHONE),
        element(b"\x86", codec),
        element(b"\x25\x86\x88", b"Ann's encoder"),
        element(b"\x73\xc5", b"\x01"),
    )


def _block(track: int, content: bytes) -> bytes:
    return element(b"\xa3", bytes([0x80 | track]), bytes(2), b"\x80", content)


def a_webm(*, open: bool = False) -> bytes:
    """A WebM with a track of positions, tags, chapters and an attachment.

    An `open` one has lengths that were unknown when it was written, as browsers record it.
    """
    group = element(
        b"\xa0",
        element(b"\xa1", b"\x81", bytes(3), PICTURE[1]),
        element(b"\x9b", b"\x05"),
        element(b"\x75\xa1", PLACE),
    )
    hidden = element(b"\xa0", element(b"\xa1", b"\x83", bytes(3), POSITIONS[1]))
    clusters = [
        element(
            b"\x1f\x43\xb6\x75",
            element(b"\xe7", b"\0"),
            _block(1, PICTURE[0]),
            _block(2, SOUND[0]),
            _block(3, POSITIONS[0]),
            open=open,
        ),
        element(
            b"\x1f\x43\xb6\x75",
            element(b"\xe7", b"\x05"),
            group,
            _block(1, PICTURE[2]),
            hidden,
            _block(2, SOUND[1]),
            element(b"\xec", PLACE),
            open=open,
        ),
    ]
    return element(b"\x1a\x45\xdf\xa3", b"\x42\x82\x84webm") + element(
        b"\x18\x53\x80\x67",
        element(
            b"\x15\x49\xa9\x66",
            element(b"\x2a\xd7\xb1", b"\x0f\x42\x40"),
            element(b"\x7b\xa9", PHONE),
            element(b"\x4d\x80", OTHER),
            element(b"\x57\x41", OTHER),
            element(b"\x44\x61", b"\xd9\x12\x34\x56" * 2),
        ),
        element(
            b"\x16\x54\xae\x6b",
            _webm_track(1, 1, b"V_VP9"),
            _webm_track(2, 2, b"A_OPUS"),
            _webm_track(3, 33, b"D_GPS"),
        ),
        *clusters,
        element(b"\x10\x43\xa7\x70", PLACE),
        element(b"\x12\x54\xc3\x67", PLACE, PHONE),
        element(b"\x19\x41\xa4\x69", OTHER),
        open=open,
    )
