"""WebM films (RFC 8794, RFC 9559) with nothing in them but picture and sound.

Elements are kept if they are known to be needed to play picture or sound; all others become `Void`
elements of zeros, so that nothing moves. So do tracks of anything else, with their blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .video_buffer import MOST_PARTS, Buffer, DamagedVideo, number, zero

EBML: Final = 0x1A45DFA3
_SEGMENT, _SEEK_HEAD, _INFO, _TRACKS = 0x18538067, 0x114D9B74, 0x1549A966, 0x1654AE6B
_CLUSTER, _CUES, _VOID = 0x1F43B675, 0x1C53BB6B, 0xEC
_TRACK, _TRACK_NUMBER, _TRACK_TYPE, _CODEC = 0xAE, 0xD7, 0x83, 0x86
_BLOCK, _SIMPLE_BLOCK, _BLOCK_GROUP = 0xA1, 0xA3, 0xA0
_MUXER, _WRITER = 0x4D80, 0x5741
_PICTURE, _SOUND = 1, 2

_TOP: Final = frozenset({_SEEK_HEAD, _INFO, _TRACKS, _CLUSTER, _CUES})
_AFTER_CLUSTER: Final = _TOP | {0x1254C367, 0x1941A469, 0x1043A770}
"""What may follow a cluster of unknown length: also tags, attachments and chapters."""
_OF_INFO: Final = frozenset({0x2AD7B1, 0x4489, _MUXER, _WRITER})
_OF_TRACK: Final = frozenset(
    {_TRACK_NUMBER, 0x73C5, _TRACK_TYPE, 0xB9, 0x88, 0x55AA, 0x9C, 0x6DE7, 0x6DF8, 0x23E383, 0x234E7A,
     0x55EE, 0x22B59C, 0x22B59D, _CODEC, 0x63A2, 0xAA, 0x56AA, 0x56BB, 0xE0, 0xE1, 0x6D80}
)  # fmt: skip
_OF_CLUSTER: Final = frozenset({0xE7, _SIMPLE_BLOCK, _BLOCK_GROUP, 0xA7, 0xAB})
_OF_GROUP: Final = frozenset({_BLOCK, 0x9B, 0xFB, 0x75A2, 0xFA})


@dataclass(frozen=True, slots=True)
class _Element:
    id: int
    start: int
    content: int
    end: int
    is_open: bool = False


def clean_webm(data: Buffer) -> frozenset[str]:
    """Blank all but picture and sound, in place; returns the codecs of the picture, such as ``V_VP9``.

    Raises DamagedVideo if it cannot be told where they are.
    """
    top = list(_elements(data, 0, len(data)))
    segments = [element for element in top if element.id == _SEGMENT]
    if len(segments) != 1:
        raise DamagedVideo("there must be one film in the file")
    for element in top:
        if element.id not in (EBML, _SEGMENT):
            _drop(data, element)
    [segment] = segments
    inner = list(_in_segment(data, segment))
    kept, codecs = _tracks(data, inner)
    for element in inner:
        _BLANKING.get(element.id, _drop_all)(data, element, kept)
    return codecs


def _elements(data: Buffer, start: int, end: int) -> Iterator[_Element]:
    for _count in range(MOST_PARTS):
        if start >= end:
            return
        element = _element(data, start, end)
        yield element
        start = element.end
    raise DamagedVideo("there are too many elements")


def _element(data: Buffer, start: int, end: int) -> _Element:
    named = _width(data, start)
    sized = _width(data, start + named)
    content = start + named + sized
    unknown = (1 << 7 * sized) - 1
    length = number(data, start + named, sized) & unknown
    is_open = length == unknown
    stop = end if is_open else content + length
    if stop > end or content > end:
        raise DamagedVideo("an element is longer than its container")
    return _Element(number(data, start, named), start, content, stop, is_open)


def _width(data: Buffer, at: int) -> int:
    """The number of bytes in a number, from its first byte."""
    first = number(data, at, 1)
    if first == 0:
        raise DamagedVideo("no number starts like this")
    return 9 - first.bit_length()


def _in_segment(data: Buffer, segment: _Element) -> Iterator[_Element]:
    """The elements of a segment. A cluster of unknown length, as browsers record, ends at the next."""
    start = segment.content
    for _count in range(MOST_PARTS):
        if start >= segment.end:
            return
        element = _element(data, start, segment.end)
        if element.is_open:
            if element.id != _CLUSTER:
                raise DamagedVideo("only a cluster may have an unknown length")
            end = element.content
            while (
                end < segment.end
                and (inner := _element(data, end, segment.end)).id not in _AFTER_CLUSTER
            ):
                end = inner.end
            element = _Element(element.id, element.start, element.content, end, True)
        yield element
        start = element.end
    raise DamagedVideo("there are too many elements")


def _tracks(data: Buffer, inner: list[_Element]) -> tuple[set[int], frozenset[str]]:
    """The numbers of the tracks of picture and sound, and the codecs of the picture."""
    kept, codecs = set(), set()
    for element in inner:
        if element.id != _TRACKS:
            continue
        tracks = _elements(data, element.content, element.end)
        for track in (one for one in tracks if one.id == _TRACK):
            facts = {field.id: field for field in _elements(data, track.content, track.end)}
            if {_TRACK_NUMBER, _TRACK_TYPE, _CODEC} <= facts.keys():
                kind = _value(data, facts[_TRACK_TYPE])
                codec = facts[_CODEC]
                if kind in (_PICTURE, _SOUND):
                    kept.add(_value(data, facts[_TRACK_NUMBER]))
                if kind == _PICTURE:
                    name = bytes(data[codec.content : codec.end])
                    codecs.add(name.decode("latin-1").strip("\0 "))
    if not codecs:
        raise DamagedVideo("there is no picture")
    return kept, frozenset(codecs)


def _value(data: Buffer, element: _Element) -> int:
    return number(data, element.content, min(element.end - element.content, 8))


# -- Blanking the rest -------------------------------------------------------------------------


def _drop(data: Buffer, element: _Element) -> None:
    """Make an element `Void`, as long as it was."""
    length = element.end - element.start
    width = 1 if length < 128 else 8
    content = element.start + 1 + width
    if length < 2 or content > element.end:
        raise DamagedVideo("an element is too short")
    head = (length - 1 - width) | 1 << 7 * width
    zero(data, content, element.end)
    data[element.start : content] = bytes([_VOID]) + head.to_bytes(width, "big")


def _drop_all(data: Buffer, element: _Element, _kept: set[int]) -> None:
    _drop(data, element)


def _keep(data: Buffer, element: _Element, needed: frozenset[int]) -> list[_Element]:
    """Drop what is not needed in an element; returns the rest."""
    inner = list(_elements(data, element.content, element.end))
    for one in inner:
        if one.id not in needed:
            _drop(data, one)
    return [one for one in inner if one.id in needed]


def _blank_info(data: Buffer, element: _Element, _kept: set[int]) -> None:
    for field in _keep(data, element, _OF_INFO):
        if field.id in (_MUXER, _WRITER):
            zero(data, field.content, field.end)  # both are demanded, but may be empty


def _blank_tracks(data: Buffer, element: _Element, kept: set[int]) -> None:
    for track in _keep(data, element, frozenset({_TRACK})):
        numbers = [
            _value(data, field)
            for field in _elements(data, track.content, track.end)
            if field.id == _TRACK_NUMBER
        ]
        if len(numbers) == 1 and numbers[0] in kept:
            _keep(data, track, _OF_TRACK)
        else:
            _drop(data, track)


def _blank_cluster(data: Buffer, element: _Element, kept: set[int]) -> None:
    for part in _keep(data, element, _OF_CLUSTER):
        if part.id == _SIMPLE_BLOCK and _track_of(data, part) not in kept:
            _drop(data, part)
        elif part.id == _BLOCK_GROUP:
            inner = list(_elements(data, part.content, part.end))
            if any(one.id == _BLOCK and _track_of(data, one) in kept for one in inner):
                _keep(data, part, _OF_GROUP)
            else:
                _drop(data, part)


def _track_of(data: Buffer, block: _Element) -> int:
    """The track of a block, which begins with its number."""
    width = _width(data, block.content)
    return number(data, block.content, width) & ((1 << 7 * width) - 1)


def _blank_seek_head(data: Buffer, element: _Element, _kept: set[int]) -> None:
    _keep(data, element, frozenset({0x4DBB}))


def _blank_cues(data: Buffer, element: _Element, _kept: set[int]) -> None:
    _keep(data, element, frozenset({0xBB}))


_BLANKING: Final = {
    _SEEK_HEAD: _blank_seek_head,
    _INFO: _blank_info,
    _TRACKS: _blank_tracks,
    _CLUSTER: _blank_cluster,
    _CUES: _blank_cues,
}
