"""Photos for tests, generated when needed: the repository contains none."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from PIL import Image


def a_scene(seed: int = 1, size: tuple[int, int] = (900, 600)) -> Image.Image:
    """A picture of soft patches, different for every seed."""
    patches = np.random.default_rng(seed).integers(0, 255, (8, 12, 3), dtype=np.uint8)
    return Image.fromarray(patches).resize(size, Image.Resampling.BICUBIC)


def a_file(picture: Image.Image, format: str = "JPEG", **how: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, format, **how)
    return file.getvalue()


def a_photo(seed: int = 1, size: tuple[int, int] = (900, 600)) -> bytes:
    """A photo file, as a phone would upload it."""
    return a_file(a_scene(seed, size), quality=88)


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture
