"""MP4 and QuickTime films (ISO/IEC 14496-12) with nothing in them but picture and sound.

Boxes are kept if they are known to be needed to play picture or sound; all others become `free` boxes of
zeros, so that nothing moves. Tracks of anything else (positions, sensors, subtitles, thumbnails) go with
their samples: of the media data only the samples of the kept tracks stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .sample_tables import Entry, Sizes, fragment_ranges, sample_ranges, track_defaults
from .unseen_messages import Stream, blank_configured, blank_messages, stream_of
from .video_buffer import (
    MOST_PARTS,
    Buffer,
    DamagedVideo,
    Range,
    merged,
    number,
    zero,
    zero_between,
)

_TOP: Final = frozenset(
    {
        b"ftyp",
        b"styp",
        b"moov",
        b"moof",
        b"mdat",
        b"sidx",
        b"ssix",
        b"mfra",
        b"free",
        b"skip",
        b"wide",
    }
)
_EMPTY: Final = frozenset({b"free", b"skip", b"wide"})
_NEEDED: Final = {
    b"moov": frozenset({b"mvhd", b"trak", b"mvex"}),
    b"trak": frozenset({b"tkhd", b"edts", b"mdia", b"tapt"}),
    b"edts": frozenset({b"elst"}),
    b"tapt": frozenset({b"clef", b"prof", b"enof"}),
    b"mdia": frozenset({b"mdhd", b"hdlr", b"minf", b"elng"}),
    b"minf": frozenset({b"vmhd", b"smhd", b"hdlr", b"dinf", b"stbl"}),
    b"dinf": frozenset({b"dref"}),
    b"stbl": frozenset(
        {b"stsd", b"stts", b"ctts", b"cslg", b"stss", b"stps", b"stsc", b"stsz", b"stz2", b"stco",
         b"co64", b"sdtp", b"sbgp", b"sgpd"}
    ),
    b"mvex": frozenset({b"mehd", b"trex"}),
    b"moof": frozenset({b"mfhd", b"traf"}),
    b"traf": frozenset({b"tfhd", b"tfdt", b"trun", b"sdtp", b"sbgp", b"sgpd"}),
    b"mfra": frozenset({b"tfra", b"mfro"}),
}  # fmt: skip
"""Each container, and what in it is needed to play picture and sound."""
_OF_ENTRIES: Final = frozenset(
    {b"avcC", b"hvcC", b"lhvC", b"vvcC", b"vpcC", b"av1C", b"dvcC", b"dvvC", b"dvwC", b"d263", b"esds",
     b"btrt", b"colr", b"pasp", b"clap", b"fiel", b"gama", b"mdcv", b"clli", b"CoLL", b"SmDm", b"chrm",
     b"dOps", b"dfLa", b"alac", b"dac3", b"dec3", b"dac4", b"chan", b"chnl", b"pcmC", b"srat", b"wave"}
)  # fmt: skip
"""What a sample entry needs: how its samples are to be decoded and shown."""
_GROUPS: Final = frozenset({b"roll", b"prol", b"rap ", b"sync", b"tele"})
_ROWS: Final = {b"stts": 8, b"ctts": 8, b"stss": 4, b"stps": 4, b"stsc": 12, b"stco": 4, b"co64": 8}
"""Tables, and the length of their rows."""
_DATED: Final = frozenset({b"mvhd", b"tkhd", b"mdhd"})
_STILLS: Final = frozenset({b"jpeg", b"mjpa", b"mjpb", b"mjpg", b"png ", b"tiff", b"CRAW", b"MJPG"})
"""Each sample is a picture file with metadata of its own."""
_ENCRYPTED: Final = frozenset({b"encv", b"enca"})


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its name, its start, the start of its content, and its end."""

    name: bytes
    start: int
    content: int
    end: int


@dataclass(frozen=True, slots=True)
class _Track:
    box: Box
    id: int
    kind: bytes
    entries: list[Entry]
    table: Box

    @property
    def is_kept(self) -> bool:
        codecs = {entry.codec for entry in self.entries}
        return self.kind in (b"vide", b"soun") and bool(codecs) and not codecs & _STILLS


def clean_film(data: Buffer) -> frozenset[str]:
    """Blank all but picture and sound, in place; returns the codecs of the picture, such as ``avc1``.

    Raises DamagedVideo, before anything is written, if it cannot be told where picture and sound are.
    """
    top, rest = _top(data)
    films = [box for box in top if box.name == b"moov"]
    if len(films) != 1:
        raise DamagedVideo("there must be one film in the file")
    [film] = films
    if b"mdat" not in {box.name for box in top}:
        raise DamagedVideo("there is no media data")
    tracks = [_track(data, box) for box in _children(data, film) if box.name == b"trak"]
    kept = {track.id: track for track in tracks if track.is_kept}
    pictures = [track for track in kept.values() if track.kind == b"vide"]
    if not pictures:
        raise DamagedVideo("there is no picture")
    if any(entry.codec in _ENCRYPTED for track in kept.values() for entry in track.entries):
        raise DamagedVideo("it is encrypted")
    by_track = _samples(data, top, film, kept)
    samples = merged(found for ranges in by_track.values() for found in ranges)
    if samples and samples[-1][1] > len(data):
        raise DamagedVideo("a sample is beyond the end of the file")
    for track in pictures:
        _blank_messages(data, track, by_track[track.id])
    plan = _Plan(
        dropped={track.box.start for track in tracks if not track.is_kept},
        kept=set(kept),
        pictures={_only(data, track.table, b"stsd").start for track in pictures},
    )
    _blank(data, top, plan)
    for box in top:
        if box.name == b"mdat":
            zero_between(data, samples, box.content, box.end)
    if rest < len(data):
        _free(data, rest, len(data))
    return frozenset(
        entry.codec.decode("latin-1").strip() for track in pictures for entry in track.entries
    )


# -- Finding picture and sound -----------------------------------------------------------------


def _top(data: Buffer) -> tuple[list[Box], int]:
    """The boxes of the file, and where they end: some cameras append something that is no box."""
    boxes: list[Box] = []
    start = 0
    while start + 8 <= len(data):
        box = _box(data, start, len(data))
        if box is None:
            has_all = {b"moov", b"mdat"} <= {box.name for box in boxes}
            if has_all and bytes(data[start + 4 : start + 8]) not in _TOP:
                break
            raise DamagedVideo("a box is longer than the file")
        boxes.append(box)
        start = box.end
        if len(boxes) > MOST_PARTS:
            raise DamagedVideo("there are too many boxes")
    return boxes, start


def _box(data: Buffer, start: int, end: int) -> Box | None:
    """The box at `start`; None if it is longer than its container."""
    length, content = number(data, start, 4), start + 8
    if length == 1 and start + 16 <= end:
        length, content = number(data, start + 8, 8), start + 16
    elif length == 0:
        length = end - start
    if not content - start <= length <= end - start:
        return None
    return Box(bytes(data[start + 4 : start + 8]), start, content, start + length)


def boxes_within(data: Buffer, start: int, end: int) -> Iterator[Box]:
    """The boxes in a range. Fewer than eight bytes may remain, such as the zeros that end a list."""
    for _count in range(MOST_PARTS):
        if start + 8 > end:
            return
        if (box := _box(data, start, end)) is None:
            raise DamagedVideo("a box is longer than its container")
        yield box
        start = box.end
    raise DamagedVideo("there are too many boxes")


def _children(data: Buffer, box: Box) -> list[Box]:
    return list(boxes_within(data, box.content, box.end))


def _only(data: Buffer, box: Box, *path: bytes) -> Box:
    for name in path:
        found = [child for child in _children(data, box) if child.name == name]
        if len(found) != 1:
            raise DamagedVideo(f"there must be one {name!r}")
        [box] = found
    return box


def _track(data: Buffer, box: Box) -> _Track:
    header = _only(data, box, b"tkhd")
    id = number(data, header.content + (20 if data[header.content] == 1 else 12), 4)
    kind = bytes(data[(at := _only(data, box, b"mdia", b"hdlr").content + 8) : at + 4])
    if kind not in (b"vide", b"soun"):
        return _Track(box, id, kind, [], box)
    table = _only(data, box, b"mdia", b"minf", b"stbl")
    references = _only(data, box, b"mdia", b"minf", b"dinf", b"dref")
    for place in boxes_within(data, references.content + 8, references.end):
        if not number(data, place.content, 4) & 1:
            raise DamagedVideo("its data is in another file")
    description = _only(data, table, b"stsd")
    entries = [
        _entry(data, entry, kind)
        for entry in boxes_within(data, description.content + 8, description.end)
    ]
    return _Track(box, id, kind, entries, table)


def _entry(data: Buffer, box: Box, kind: bytes) -> Entry:
    """A sample entry: `fields` is where the boxes in it begin."""
    if kind == b"vide":
        return Entry(box.name, box.start, box.content + 78, box.end, 0)
    version = number(data, box.content + 8, 2)
    channels, bits = number(data, box.content + 16, 2), number(data, box.content + 18, 2)
    frame = channels * bits // 8
    if version == 1 and number(data, box.content + 28, 4):
        frame = number(data, box.content + 36, 4) // number(data, box.content + 28, 4)
    # QuickTime has 16 bytes more in version 1, and 36 in version 2; other files have neither.
    likely = {1: (44, 28), 2: (64, 28)}.get(version, (28,))
    fields = next((fields for fields in likely if _has_boxes(data, box, fields)), likely[0])
    return Entry(box.name, box.start, min(box.content + fields, box.end), box.end, frame)


def _samples(
    data: Buffer, top: list[Box], film: Box, kept: dict[int, _Track]
) -> dict[int, list[Range]]:
    """Where in the file the samples of the kept tracks are: ranges of whole samples, by track."""
    ranges: dict[int, list[Range]] = {}
    for track in kept.values():
        tables = {box.name: (box.content, box.end) for box in _children(data, track.table)}
        frame = track.entries[0].frame if track.kind == b"soun" else 0
        ranges[track.id] = sample_ranges(data, tables, frame)
    defaults: dict[int, Sizes] = {}
    for box in _children(data, film):
        if box.name == b"mvex":
            defaults |= track_defaults(data, [b for b in _children(data, box) if b.name == b"trex"])
    for box in top:
        if box.name == b"moof":
            parts = [_children(data, part) for part in _children(data, box) if part.name == b"traf"]
            for id, found in fragment_ranges(data, box.start, parts, defaults):
                if id in kept:
                    ranges[id] += found
    return ranges


# -- Blanking the rest -------------------------------------------------------------------------


def _blank_messages(data: Buffer, track: _Track, ranges: list[Range]) -> None:
    """Blank what a camera wrote between the pictures of a track."""
    streams: list[Stream] = []
    for entry in track.entries:
        for box in boxes_within(data, entry.fields, entry.end):
            if (stream := stream_of(data, box.name, box.content, box.end)) is not None:
                streams.append(stream)
                blank_configured(data, stream, box.content, box.end)
    if streams:
        blank_messages(data, streams[0], ranges)


def _free(data: Buffer, start: int, end: int) -> None:
    """Make a range one `free` box of zeros; a range too short for that only becomes zeros."""
    zero(data, start, end)
    if 8 <= end - start < 1 << 32:
        data[start : start + 8] = (end - start).to_bytes(4, "big") + b"free"
    elif end - start >= 16:
        data[start : start + 16] = (
            (1).to_bytes(4, "big") + b"free" + (end - start).to_bytes(8, "big")
        )


def _drop(data: Buffer, box: Box) -> None:
    """Make a box `free`; the length it states stays as it is written."""
    data[box.start + 4 : box.start + 8] = b"free"
    zero(data, box.content, box.end)


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where the dropped tracks start, the kept ones' ids, and where the pictures' `stsd` boxes start."""

    dropped: set[int]
    kept: set[int]
    pictures: set[int]


def _blank(data: Buffer, top: list[Box], plan: _Plan) -> None:
    for box in top:
        if box.name not in _TOP or box.name in _EMPTY:
            _drop(data, box)
        elif box.name in _NEEDED:
            _blank_container(data, box, plan)


def _blank_container(data: Buffer, box: Box, plan: _Plan) -> None:
    end = box.content
    for child in _children(data, box):
        end = child.end
        is_foreign = child.name == b"traf" and _fragment_of(data, child) not in plan.kept
        if child.name not in _NEEDED[box.name] or child.start in plan.dropped or is_foreign:
            _drop(data, child)
        elif child.name in _NEEDED:
            _blank_container(data, child, plan)
        elif child.name == b"stsd":
            _blank_entries(data, child, b"vide" if child.start in plan.pictures else b"soun")
        else:
            _blank_fields(data, child)
    zero(data, end, box.end)


def _fragment_of(data: Buffer, box: Box) -> int:
    return number(data, _only(data, box, b"tfhd").content + 4, 4)


def _blank_fields(data: Buffer, box: Box) -> None:
    """Blank what a needed box tells beside what is needed of it: dates, names, unused space."""
    start = box.content
    if box.name in _DATED:
        zero(data, start + 4, start + (20 if data[start] == 1 else 12))
    elif box.name == b"hdlr":
        zero(data, start + 12, box.end)
    elif box.name == b"dref":
        for place in boxes_within(data, start + 8, box.end):
            zero(data, place.content + 4, place.end)
    elif box.name == b"stsz":
        rows = 0 if number(data, start + 4, 4) else number(data, start + 8, 4)
        zero(data, min(start + 12 + rows * 4, box.end), box.end)
    elif box.name in _ROWS:
        zero(data, min(start + 8 + number(data, start + 4, 4) * _ROWS[box.name], box.end), box.end)
    elif box.name in (b"sbgp", b"sgpd") and bytes(data[start + 4 : start + 8]) not in _GROUPS:
        _drop(data, box)


def _blank_entries(data: Buffer, description: Box, kind: bytes) -> None:
    for box in boxes_within(data, description.content + 8, description.end):
        entry = _entry(data, box, kind)
        if entry.fields > box.end:
            raise DamagedVideo("a sample entry is too short")
        zero(data, box.content + 12, box.content + 16)  # who made the encoder
        if kind == b"vide":
            zero(data, box.content + 42, box.content + 74)  # its name
        end = entry.fields
        for child in boxes_within(data, entry.fields, box.end):
            end = child.end
            if child.name not in _OF_ENTRIES:
                _drop(data, child)
        zero(data, end, box.end)


def _has_boxes(data: Buffer, box: Box, fields: int) -> bool:
    try:
        return all(
            child.end <= box.end for child in boxes_within(data, box.content + fields, box.end)
        )
    except DamagedVideo:
        return False
