"""Whatever a file contains, every row is accepted or rejected, and the import finishes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marinemarket.errors import Invalid
from tests.listings.samples import Desk, own_row, portal_row, survey_row, table

pytestmark = pytest.mark.anyio

SAMPLES = {"boat24": portal_row(), "mcm2020": survey_row(), "csv": own_row()}

NUMBERS = st.sampled_from(
    ["0", "-1", "NaN", "Infinity", "1e999", "1e-999999", "9" * 30, "1,5", "1.250.000", "²", "٢٠٢٠"]
)
PRICES = st.sampled_from(
    ["EUR 1", "EUR 9e9", "£", "kr 5", "XAU 1000", "$ 1,000", "EUR 999999999999"]
)
LETTERS = st.text(
    st.sampled_from("'\"=+-@,;|»\n\r\t\x00\x0b\u2028\u202e\ufeff aZé日<>[]{}"), max_size=12
)
CELLS = NUMBERS | PRICES | LETTERS | st.text(max_size=20)

anything = settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)


Table = tuple[str, list[dict[str, str]]]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A format's name, and rows of it with garbage in some of their cells."""
    format = draw(st.sampled_from(sorted(SAMPLES)))
    sample = SAMPLES[format]
    garbage = st.dictionaries(st.sampled_from(sorted(sample)), CELLS, max_size=4)
    return format, [sample | drawn for drawn in draw(st.lists(garbage, min_size=1, max_size=5))]


@anything
@given(tables())
async def test_garbage_in_cells_is_accepted_or_refused_with_reasons(
    desk: Desk, table: Table
) -> None:
    format, rows = table
    report = await desk.take(rows, format)
    assert report.rows == len(rows)
    before, head = await desk.listings(), await desk.head()
    again = await desk.take(rows, format)
    assert (again.rejected, again.unchanged) == (report.rejected, report.accepted)
    assert (await desk.listings(), await desk.head()) == (before, head)


@st.composite
def damaged_files(draw: st.DrawFn) -> tuple[str, bytes]:
    """A format's name, and a file in it with bytes removed, doubled or replaced."""
    format = draw(st.sampled_from(sorted(SAMPLES)))
    content = bytearray(table([SAMPLES[format]] * 4).encode())
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(content)))
        taken = draw(st.integers(0, 12))
        content[at : at + taken] = draw(
            st.sampled_from([b"", b'"', b"\n", b"\r", b"\x00", b"\xff", b",,", b'"\n"', b"\xc3"])
            | st.binary(max_size=6)
        )
    return format, bytes(content)


@anything
@given(damaged_files())
async def test_a_damaged_file_is_read_to_its_end_or_refused_as_a_whole(
    desk: Desk, damaged: tuple[str, bytes]
) -> None:
    format, content = damaged
    try:
        report = await desk.take(content, format)
    except Invalid:
        return  # it was the header that was damaged
    assert report.rows <= len((b"x" + content).splitlines())


@anything
@given(st.binary(max_size=300))
async def test_any_bytes_below_a_sound_header_are_rows(desk: Desk, content: bytes) -> None:
    header = table([portal_row()]).splitlines()[0].encode()
    try:
        report = await desk.take(header + b"\n" + content)
    except Invalid:
        return  # its encoding could not be told
    assert report.rows <= len((b"x" + content).splitlines())
    assert report.accepted == 0


async def test_huge_cells_are_refused_and_the_rest_goes_on(desk: Desk) -> None:
    huge = "EUR 1" + " (-" * 300_000
    rows = [portal_row() | {name: huge} for name in portal_row() if "views" not in name]
    report = await desk.take([*rows, portal_row()])
    assert (report.created, report.rejected) == (1, len(rows))
    own = [own_row(**{name: huge}) for name in own_row()]
    report = await desk.take([*own, own_row()], "csv")
    assert (report.created, report.rejected) == (1, len(own))
