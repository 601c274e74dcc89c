"""``python -m package_data``: write the files of the package's data, unless they are current."""

from __future__ import annotations

from . import ISO_CODES, LOOKALIKES, TOWNS, is_current, mark_current


def main() -> None:
    if is_current():
        return
    # Read only now: a source distribution holds the files, and is built without these libraries.
    from . import iso_codes, lookalikes, towns

    iso_codes.write(ISO_CODES)
    lookalikes.write(LOOKALIKES)
    towns.write(TOWNS)
    mark_current()


if __name__ == "__main__":
    main()
