"""Videos: recognized by their content, and stored with nothing in them but picture and sound."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marinemarket.errors import Invalid, UnknownKind
from marinemarket.media.isobmff import boxes_within
from marinemarket.media.videos import clean_content, clean_video, kind_of

from .video_files import (
    PICTURE,
    PLACE,
    POSITIONS,
    SOUND,
    TOLD,
    a_film,
    a_fragmented_film,
    a_webm,
    box,
    u,
)

FILMS = {
    "mp4": (a_film(), "mp4"),
    "QuickTime": (a_film(b"qt  "), "mov"),
    "QuickTime that says no kind": (a_film(None), "mov"),
    "fragments": (a_fragmented_film(), "mp4"),
    "WebM": (a_webm(), "webm"),
    "WebM from a browser": (a_webm(open=True), "webm"),
}
DATA_TRACKS = [
    (b"meta", b"gpmd"), (b"meta", b"mebx"), (b"meta", b"djmd"), (b"meta", b"rtmd"), (b"camm", b"camm"),
    (b"tmcd", b"tmcd"), (b"text", b"text"), (b"sbtl", b"tx3g"), (b"subt", b"stpp"), (b"hint", b"rtp "),
    (b"auxv", b"hvc1"), (b"pict", b"hvc1"), (b"vide", b"jpeg"), (b"odsm", b"mp4s"), (b"GPS ", b"gps "),
]  # fmt: skip


def cleaned(content: bytes, kind: str = "mp4") -> bytes:
    data = bytearray(content)
    clean_content(data, kind)
    assert len(data) == len(content)
    return bytes(data)


@pytest.mark.parametrize("name", FILMS)
def test_nothing_but_picture_and_sound_is_left(name: str) -> None:
    content, kind = FILMS[name]
    assert kind_of(io.BytesIO(content)) == kind
    clean = cleaned(content, kind)
    assert any(told in content for told in TOLD)
    assert [told for told in TOLD if told in clean] == []
    for sample in (*PICTURE, SOUND[0]):
        assert clean.count(sample) == content.count(sample)
        assert clean.find(sample) == content.find(sample), "nothing moves"
    assert kind_of(io.BytesIO(clean)) == kind
    assert cleaned(clean, kind) == clean


@pytest.mark.parametrize(("kind", "codec"), DATA_TRACKS)
def test_tracks_of_anything_else_go_with_their_samples(kind: bytes, codec: bytes) -> None:
    clean = cleaned(a_film(data_kind=kind, data_codec=codec))
    assert [told for told in (*TOLD, *POSITIONS) if told in clean] == []
    assert clean.count(b"trak") == 2
    assert b"".join(PICTURE) in clean


def _names(data: bytes) -> list[bytes]:
    return [one.name for one in boxes_within(bytearray(data), 0, len(data))]


def test_a_cleaned_film_has_the_boxes_that_it_had() -> None:
    clean = cleaned(a_film())
    assert _names(clean) == [b"ftyp", b"free", b"free", b"mdat", b"moov", b"free"]
    inside = clean[clean.index(b"moov") + 4 :]
    film = inside[: int.from_bytes(clean[clean.index(b"moov") - 4 :][:4], "big") - 8]
    assert _names(film) == [b"mvhd", b"trak", b"trak", b"free", b"free", b"free"]


@pytest.mark.parametrize("trailer", [b"\0" * 5, b"Insta360 data: " + PLACE, PLACE * 4, b"x"])
def test_what_cameras_append_is_blanked(trailer: bytes) -> None:
    clean = cleaned(a_film(trailer=trailer))
    assert PLACE not in clean
    assert _names(clean)[:2] == [b"ftyp", b"free"]


def test_a_film_is_cleaned_where_it_lies_and_its_codecs_are_told(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    for codec, is_hevc in ((b"avc1", False), (b"hvc1", True), (b"hev1", True)):
        path.write_bytes(a_film(codec=codec))
        facts = clean_video(path)
        assert (facts.kind, facts.codecs, facts.is_hevc) == (
            "mp4",
            frozenset({codec.decode()}),
            is_hevc,
        )
        assert path.read_bytes() == cleaned(a_film(codec=codec))
    path.write_bytes(a_webm())
    assert clean_video(path).codecs == {"V_VP9"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xd8\xff\xe0 a picture",
        box(b"ftyp", b"heic" + bytes(8)),
        b"\x1a\x45\xdf\xa3matroska",
        b"<html>",
    ],
)
def test_what_is_no_video_is_of_an_unknown_kind(content: bytes) -> None:
    with pytest.raises(UnknownKind):
        kind_of(io.BytesIO(content))


def _without(content: bytes, name: bytes) -> bytes:
    return content.replace(name, b"xxxx")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (a_film()[:-40], "mp4"),
        (a_film()[:300], "mp4"),
        (a_film() + a_film(), "mp4"),
        (box(b"ftyp", b"isom" + bytes(4)), "mp4"),
        (box(b"ftyp", b"isom") + b"\x00\x00\x00\x03moov", "mp4"),
        (_without(a_film(), b"stsc"), "mp4"),
        (_without(a_film(), b"stsz"), "mp4"),
        (_without(a_film(), b"mdat"), "mp4"),
        (_without(a_film(), b"avc1").replace(b"vide", b"text"), "mp4"),
        (a_film(codec=b"encv"), "mp4"),
        (a_film(codec=b"jpeg"), "mp4"),
        (a_film().replace(u(1) + b"file", u(0) + b"file"), "mp4"),
        (a_webm()[:-5], "webm"),
        (a_webm().replace(b"\x83\x10\x00\x00\x01\x01", b"\x83\x10\x00\x00\x01\x11"), "webm"),
    ],
)
def test_a_video_of_which_nobody_knows_what_it_tells_is_refused(content: bytes, kind: str) -> None:
    with pytest.raises(Invalid, match="is damaged, or of a kind that we cannot clean"):
        clean_content(bytearray(content), kind)


@given(
    st.sampled_from(sorted(FILMS)),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=5),
)
@settings(max_examples=200)
def test_whatever_is_wrong_with_a_video_it_is_cleaned_or_refused(
    name: str, changes: list[tuple[int, int]]
) -> None:
    content, kind = FILMS[name]
    data = bytearray(content)
    for at, value in changes:
        data[at % len(data)] = value
    try:
        clean_content(data, kind)
    except Invalid:
        return
    assert len(data) == len(content)
