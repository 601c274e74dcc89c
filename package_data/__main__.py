"""``python -m package_data``: write every file of the package's data that is missing or out of date."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from marinemarket.listings.iso_codes import ISO_CODES
from marinemarket.search.atlas import TOWNS

ROOT = Path(__file__).parents[1]
# What the files are made from: our own code, and the libraries as they are pinned.
_SOURCES = (
    "package_data/*.py",
    "src/marinemarket/search/atlas.py",
    "src/marinemarket/search/harbours.py",
    "src/marinemarket/text.py",
    "requirements/build.txt",
)


def main() -> None:
    """Does nothing where the files are there and made from what stands here now."""
    stamp = TOWNS.with_name(".made")
    wanted = _fingerprint()
    made = stamp.read_text() if stamp.is_file() else ""
    if made == wanted and TOWNS.is_file() and ISO_CODES.is_file():
        return
    # Read only now: a source distribution holds the files, and is built without these libraries.
    from . import iso_codes, towns

    iso_codes.write(ISO_CODES)
    towns.write(TOWNS)
    stamp.write_text(wanted)


def _fingerprint() -> str:
    sources = sorted(path for pattern in _SOURCES for path in ROOT.glob(pattern))
    return sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()


if __name__ == "__main__":
    main()
