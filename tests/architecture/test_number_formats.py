"""Numbers that people read are written by `marinemarket.i18n.numbers`, as the site's language does."""

from __future__ import annotations

import re
from pathlib import Path

import marinemarket

SOURCE = Path(marinemarket.__file__).parent
_GROUPED = re.compile(r":,[}d.]")


def test_no_number_is_grouped_by_commas_in_every_language() -> None:
    """Write ``whole(number)`` or ``dollars(cents)``: ``f"{number:,}"`` is English whatever the site is."""
    found = [
        f"{path.relative_to(SOURCE)}:{number}: {line.strip()}"
        for path in sorted(SOURCE.rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if _GROUPED.search(line)
    ]
    assert found == []


def test_no_text_is_marked_where_extraction_cannot_see_it() -> None:
    """Write ``_("Sold: %(when)s", when=…)``: Babel reads no calls inside of an f-string."""
    inside = re.compile(r"""[fF](?:"[^"\n]*\{_\('|'[^'\n]*\{_\(")""")
    found = [
        f"{path.relative_to(SOURCE)}:{number}"
        for path in sorted(SOURCE.rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if inside.search(line)
    ]
    assert found == []
