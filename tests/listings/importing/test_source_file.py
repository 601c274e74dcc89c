"""Other people's files: their encodings, separators and defects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.errors import Invalid
from marinemarket.listings.importing.csv_table import LONGEST_LINE
from marinemarket.listings.importing.source_file import RawRow, SourceFile, normalised, repaired

Reading = Callable[[bytes], list[RawRow]]


@pytest.fixture
def rows_of(tmp_path: Path) -> Reading:
    def rows_of(content: bytes) -> list[RawRow]:
        return read(tmp_path / "file.csv", content)

    return rows_of


def read(path: Path, content: bytes) -> list[RawRow]:
    path.write_bytes(content)
    source = SourceFile(path)
    try:
        return list(source)
    finally:
        assert source.read == source.size == len(content)
        source.close()


def mojibake(text: str, *, times: int = 1) -> str:
    """A text decoded with the wrong encoding."""
    for _ in range(times):
        # Five bytes have no letter in cp1252; browsers leave them as they are.
        letters = ((bytes([byte]), chr(byte)) for byte in text.encode())
        text = "".join(byte.decode("cp1252", "ignore") or code for byte, code in letters)
    return text


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\r\n1,2\r\n",
        b"a,b\n1,2",
        b"\xef\xbb\xbfa,b\n1,2\n",
        b"a;b\n1;2\n",
        b"a\tb\n1\t2\n",
        b'"a"," b "\n"1","2"\n\n',
        b"a,b\n 1 ,2\x20\n",
        b"a|b\n1|2\n",
        b"a,b\r1,2\r",
        b"a,b\r\n\r1,2\n\r",
        b"sep=;\r\na;b\r\n1;2\r\n",
        b'"sep=\t"\na\tb\n1\t2\n',
        "sep=;\r\na;b\r\n1;2\r\n".encode("utf-16"),
        "a\tb\r\n1\t2\r\n".encode("utf-16-le"),
        "a\tb\n1\t2\n".encode("utf-16-be"),
        b";;\r\n\r\na;b;\r\n;;\r\n1;2;;;\r\n;;\r\n \r\n",
        b"Our boats of 2026;;\n\na;b;\n1;2;\n",
        b'"a,b"\n"1,""2"""\n',
        b"a,b\n1,#N/A\n".replace(b"#N/A", b'"=""2"""'),
        b"a,b\n1\x00,2\n",
    ],
)
def test_a_table_is_read_however_it_was_saved(rows_of: Reading, content: bytes) -> None:
    (row,) = rows_of(content)
    assert row.cells is not None
    assert {name: cell for name, cell in row.cells.items() if name} == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    "place", ["Vésenaz", "Malmö – Norra", "Côte d’Azur", "Gdańsk Łódź", "»", "£"]
)
@pytest.mark.parametrize("times", [0, 1, 2])
def test_wrongly_decoded_letters_are_repaired(place: str, times: int) -> None:
    assert repaired(mojibake(f"Marina {place} Nord", times=times)) == f"Marina {place} Nord"


def test_a_damaged_header_is_repaired_and_its_white_space_folded(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(f'"Length \n(ft)",{mojibake("Größe")}\n1,2\n'.encode())
    source = SourceFile(path)
    assert source.names == ["Length (ft)", "Größe"]
    source.close()


def test_latin_bytes_are_decoded_correctly(rows_of: Reading) -> None:
    first, second = rows_of("a\nMalmö £\n".encode("cp1252") + "Malmö £\n".encode())
    assert first.cells == second.cells == {"a": "Malmö £"}


def test_a_row_of_another_width_says_so_and_loses_nothing(rows_of: Reading) -> None:
    short, long = rows_of(b"a,b\n1\n1,2,three,four\n")
    assert short.cells is None
    assert (
        short.fault
        == "has 1 cell where the header has 2; is a line break or a quotation mark in a text?"
    )
    assert long.fault == "has 4 cells where the header has 2; more than expected: three | four"
    assert (short.number, long.number) == (2, 3)


def test_empty_cells_at_the_end_of_rows_may_be_left_out(rows_of: Reading) -> None:
    rows = rows_of(b"a,b,c,d,e\n1,2,3,4,5\n1,2,3\n\n1,2,3,4,5\n1,2\n1,2\n")
    ends = {"d": "", "e": ""}
    assert rows[1].cells == {"a": "1", "b": "2", "c": "3"} | ends
    assert [row.cells for row in rows[3:]] == [{"a": "1", "b": "2", "c": ""} | ends] * 2


@pytest.mark.parametrize(
    "lines",
    [
        "1,2\n1,2,3,4",
        "1,2,3\n1,2,3",
        "1,2\n\n2\n1,2,3",
        "1,2,3\n1,2,3,4,5,6",
        '1,2,3\n1,2,3,"4,5',
        '1,"2,3,"4",5',
    ],
)
def test_a_row_that_a_line_break_may_have_cut_is_refused(rows_of: Reading, lines: str) -> None:
    rows = rows_of(f"a,b,c,d,e\n1,2,3,4,5\n{lines}\n".encode())
    assert [row.cells for row in rows[1:]] == [None] * (len(rows) - 1)


def test_units_below_the_header_belong_to_its_names() -> None:
    content = b"Our boats;;\n\nRef;Length;Price\n;[m];EUR\nA1;9,75;45.000\n"
    source = SourceFile(content)
    assert source.names == ["Ref", "Length (m)", "Price (EUR)"]
    (row,) = list(source)
    assert (row.number, row.cells) == (
        5,
        {"Ref": "A1", "Length (m)": "9,75", "Price (EUR)": "45.000"},
    )
    again = SourceFile(normalised(SourceFile(content)).encode())
    assert again.names == source.names
    assert [(one.number, one.cells) for one in again] == [(row.number, row.cells)]


@pytest.mark.parametrize(
    "first",
    ["Sea Ray,Sundancer,2008,32,$74900,USA,Power", "A1;Bavaria;37;2007;11,30 m;75.000 EUR;Kiel"],
)
def test_a_file_that_begins_with_a_boat_is_asked_for_a_header(first: str) -> None:
    with pytest.raises(Invalid, match="names the columns"):
        SourceFile(f"{first}\n{first}\n".encode())


def test_stray_quotes_are_ordinary_characters(rows_of: Reading) -> None:
    (row,) = rows_of(b'a,b\n1,tw"o\n')
    assert row.cells == {"a": "1", "b": 'tw"o'}


def test_an_unterminated_quote_is_one_refused_row_and_swallows_no_other(rows_of: Reading) -> None:
    rows = rows_of(b'a,b\n1,2\n3,"4\n5,6\n7,8\n')
    assert [row.cells for row in rows] == [
        {"a": "1", "b": "2"},
        None,
        {"a": "5", "b": "6"},
        {"a": "7", "b": "8"},
    ]
    assert rows[1].fault == "opens a quotation mark that is not closed"
    assert [row.number for row in rows] == [2, 3, 4, 5]


def test_a_row_with_a_huge_cell_is_invalid_and_the_next_one_is_read(rows_of: Reading) -> None:
    huge, next_one = rows_of(b"a,b\n1," + b"x" * 1_000_001 + b"\n3,4\n")
    assert huge.cells is None
    assert huge.fault == "is longer than 1,000,000 bytes"
    assert next_one.cells == {"a": "3", "b": "4"}


def test_a_line_without_end_is_one_refused_row_and_only_its_beginning_is_read(
    rows_of: Reading,
) -> None:
    long = b"1," * LONGEST_LINE
    refused, next_one = rows_of(b"a,b\n" + long + b"\n3,4\n")
    assert refused == RawRow(2, [], None, "is longer than 1,000,000 bytes")
    assert next_one.cells == {"a": "3", "b": "4"}


def test_a_column_with_a_name_as_long_as_a_text_is_no_column(rows_of: Reading) -> None:
    for header in (b"a" * 201 + b",b", b"a," * 999 + b"b" * LONGEST_LINE):
        with pytest.raises(Invalid, match=r"FILE: has (no header|a column name)"):
            rows_of(header + b"\n1,2\n")


def test_an_apostrophe_before_a_formula_is_taken_off_once(rows_of: Reading) -> None:
    (row,) = rows_of(b"a,b,c\n'=1,''=1,'til\n")
    assert row.cells == {"a": "=1", "b": "'=1", "c": "'til"}


def test_columns_without_a_name_are_ignored(rows_of: Reading) -> None:
    (row,) = rows_of(b"a,,\n1,,\n")
    assert row.cells is not None
    assert row.cells["a"] == "1"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "FILE: is empty: it has no header"),
        (b"\n\n", "FILE: is empty: it has no header"),
        (b"\xef\xbb\xbf", "FILE: is empty: it has no header"),
        (b",,\n;;\r\n , \n", "FILE: is empty: it has no header"),
        (b"x" * 1_000_001, "FILE: has no header: "),
    ],
)
def test_a_file_without_a_valid_header_is_refused(
    rows_of: Reading, content: bytes, text: str
) -> None:
    with pytest.raises(Invalid) as caught:
        rows_of(content)
    assert str(caught.value).startswith(text)


def test_columns_of_one_name_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"Photo,Photo,a,Photo (2),,\n1,2,3,4,,\n")
    source = SourceFile(path)
    assert source.names == ["Photo", "Photo (3)", "a", "Photo (2)", "", ""]
    assert source.twice == ["Photo"]
    source.close()


def test_totals_below_the_boats_are_no_boat(rows_of: Reading) -> None:
    _boat, total = rows_of(b"a;b;c;d\n1;2;3;4\nTotal:;;;45000\n")
    assert total.fault == "is a row of totals, and no boat"


def test_a_file_in_its_plainest_form_is_read_alike() -> None:
    content = 'Our boats;;;\n\na;b;c;d\n;;;\n1;"2\r\n, 3";é;\n1;2\n3;4;"5;6\n7;8;9;10\n'.encode(
        "utf-16"
    )
    rows, again = (
        list(SourceFile(content)),
        list(SourceFile(normalised(SourceFile(content)).encode())),
    )
    assert [(row.number, row.cells) for row in again] == [(row.number, row.cells) for row in rows]
    assert [row.number for row in rows] == [5, 6, 7, 8]
    assert rows[2].fault == "opens a quotation mark that is not closed"
    assert again[2].fault is not None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("4.0999999999999996", "4.1"),
        ("38.700000000000003", "38.7"),
        ("12.123456", "12.123456"),
        ("#N/A", ""),
        ("#NV", ""),
        ('"=""0123"""', "0123"),
        ('"Belle &amp; bonne &quot;44&quot;"', 'Belle & bonne "44"'),
        ('"Bénéteau &amp;eacute;tat"', "Bénéteau état"),
        ('"R&D; AT&T"', "R&D; AT&T"),
    ],
)
def test_what_programs_make_of_a_cell_is_taken_back(
    rows_of: Reading, written: str, read: str
) -> None:
    (row,) = rows_of(f"a;b\n{written};1\n".encode())
    assert row.cells == {"a": read, "b": "1"}, written


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="FILE: cannot be read: No such file"):
        SourceFile(tmp_path / "missing.csv")


@given(
    st.binary(max_size=200)
    | st.text(st.sampled_from("a,;\"\n\r\t\x00'=é"), max_size=60).map(str.encode)
)
def test_any_bytes_are_rows_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    try:
        rows = read(path, b"a,b\n" + content)
    except Invalid:
        return
    assert all((row.cells is None) == (row.fault is not None) for row in rows)
