"""Videos: recognized by their content, and stored without metadata."""

from __future__ import annotations

import io

import pytest

from marinemarket.errors import Invalid, UnknownKind
from marinemarket.media.videos import blank_metadata, kind_of

from .video_files import a_film, a_webm, box


@pytest.mark.parametrize(
    ("content", "kind"), [(a_film(), "mp4"), (a_film(b"qt  "), "mov"), (a_webm(), "webm")]
)
def test_a_video_is_known_by_its_content_and_what_it_tells_is_blanked(
    content: bytes, kind: str
) -> None:
    file = io.BytesIO(content)
    assert kind_of(file) == kind
    blank_metadata(file, kind)
    blanked = file.getvalue()
    assert len(blanked) == len(content)
    for told in (b"+27.1978-080.2528", b"Phone of Ann", b"by-somebody"):
        assert told not in blanked
    assert b"moving pictures" in blanked
    assert kind_of(io.BytesIO(blanked)) == kind
    again = io.BytesIO(blanked)
    blank_metadata(again, kind)
    assert again.getvalue() == blanked


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xd8\xff\xe0 a picture", box(b"ftyp", b"heic" + bytes(8)), b"\x1a\x45\xdf\xa3matroska", b"<html>"],
)  # fmt: skip
def test_what_is_no_video_is_of_an_unknown_kind(content: bytes) -> None:
    with pytest.raises(UnknownKind):
        kind_of(io.BytesIO(content))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (a_film()[:-20], "mp4"),
        (box(b"ftyp", b"isom" + bytes(4)), "mp4"),
        (box(b"ftyp", b"isom") + b"\x00\x00\x00\x03moov", "mp4"),
        (a_webm()[:-5], "webm"),
    ],
)
def test_a_damaged_video_is_refused_since_nobody_knows_what_it_tells(
    content: bytes, kind: str
) -> None:
    with pytest.raises(Invalid, match="is damaged"):
        blank_metadata(io.BytesIO(content), kind)
