"""Pictures are processed in processes of their own, in turns, and within limits."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import struct
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from marinemarket.errors import Invalid, UnknownKind
from marinemarket.media.blobs import blobs_at
from marinemarket.media.image_headers import read_header
from marinemarket.media.image_process import ImageProcess, Unfinished
from marinemarket.media.images import Developed, develop
from marinemarket.media.studio import Studio

from .picture_files import a_photo

pytestmark = pytest.mark.anyio


def a_slow_picture(width: int = 7071, height: int = 7071, *, interlaced: bool = False) -> bytes:
    """A PNG of 16 bits and four channels: about 1 MB that unfolds to 400 MB."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 16, 6, 0, 0, interlaced)
    packer = zlib.compressobj(1)
    row = bytes(1) + bytes(range(256)) * (width * 8 // 256) + bytes(width * 8 % 256)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def test_a_picture_comes_out_of_its_process_as_it_would_here(studio: Studio) -> None:
    assert await studio.develop(io.BytesIO(a_photo()), "ann") == develop(a_photo())


async def test_others_are_served_while_one_member_sends_the_slowest_pictures(
    studio: Studio,
) -> None:
    slow, done = a_slow_picture(), []

    async def send(member: str, content: bytes) -> Developed:
        made = await studio.develop(io.BytesIO(content), member)
        done.append(member)
        return made

    greedy = [asyncio.ensure_future(send("greedy", slow)) for _ in range(4)]
    await asyncio.sleep(0)
    await asyncio.gather(*(send("ann", a_photo(seed)) for seed in range(3)))
    await asyncio.gather(*greedy)
    assert done.count("greedy") == 4
    assert done.index("ann") == 0, "a small picture waits for no large one"
    assert done[:5].count("ann") == 3


async def test_a_picture_that_takes_too_long_is_ended_and_told_in_words(
    tmp_path: Path,
) -> None:
    studio = Studio(blobs_at(str(tmp_path / "media")), seconds=0.2)
    try:
        with pytest.raises(Invalid, match="takes too long to process"):
            await studio.develop(io.BytesIO(a_slow_picture()), "greedy")
    finally:
        studio.close()


async def test_a_picture_that_needs_too_much_memory_is_ended_and_told_in_words(
    tmp_path: Path,
) -> None:
    studio = Studio(blobs_at(str(tmp_path / "media")), memory=150_000_000)
    try:
        # An interlaced one cannot be read by rows: all of it has to be held.
        with pytest.raises(Invalid, match="cannot be processed"):
            await studio.develop(io.BytesIO(a_slow_picture(interlaced=True)), "greedy")
        assert (await studio.develop(io.BytesIO(a_photo()), "ann")).width == 900
    finally:
        studio.close()


async def test_a_quick_picture_that_turns_out_slow_goes_on_in_the_other_lane(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, seen = ImageProcess.develop, []

    def first_ended(process: ImageProcess, file: io.BytesIO, seconds: float) -> Developed:
        seen.append(seconds)
        if len(seen) == 1:
            raise Unfinished
        return real(process, file, seconds)

    monkeypatch.setattr(ImageProcess, "develop", first_ended)
    assert (await studio.develop(io.BytesIO(a_photo()), "ann")).width == 900
    assert seen == [8, 30]


def test_a_process_that_dies_is_replaced() -> None:
    process = ImageProcess(400_000_000)
    try:
        known = process.develop(io.BytesIO(a_photo()), 60)
        assert process._process is not None
        os.kill(process._process.pid, signal.SIGKILL)
        with pytest.raises(Unfinished):
            process.develop(io.BytesIO(a_photo()), 60)
        assert process.develop(io.BytesIO(a_photo()), 60) == known
        with pytest.raises(Invalid, match="did not arrive whole"):
            process.develop(io.BytesIO(a_photo()[:900]), 60)
        assert process.develop(io.BytesIO(a_photo()), 60) == known
    finally:
        process.stop()


def test_a_header_tells_what_a_picture_will_cost() -> None:
    slow = read_header(io.BytesIO(a_slow_picture(5000, 5000)))
    assert (slow.kind, slow.width, slow.height, slow.bits) == ("png", 5000, 5000, 16)
    assert slow.is_heavy
    photo = read_header(io.BytesIO(a_photo()))
    assert (photo.kind, photo.width, photo.height, photo.is_heavy) == ("jpeg", 900, 600, False)


@pytest.mark.parametrize("length", [*range(0, 64, 3), 200, 600])
def test_half_a_header_is_an_error_in_words(length: int) -> None:
    for content in (a_photo(), a_slow_picture(10, 10)):
        if length < len(content):
            with suppress(Invalid, UnknownKind):
                read_header(io.BytesIO(content[:length]))
