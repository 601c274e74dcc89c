"""``python -m package_data``: write the files of the package's data, unless they are current."""

from __future__ import annotations

from . import ISO_CODES, LOOKALIKES, POSTAL_CODES, TOWNS, is_current, mark_current


def main() -> None:
    if is_current():
        return
    # Read only now: a source distribution holds the files, and is built without these libraries.
    from marinemarket.search.atlas import read_atlas

    from . import iso_codes, lookalikes, postal_codes, towns

    iso_codes.write(ISO_CODES)
    lookalikes.write(LOOKALIKES)
    towns.write(TOWNS)
    postal_codes.write(POSTAL_CODES, read_atlas(TOWNS))
    mark_current()


if __name__ == "__main__":
    main()
