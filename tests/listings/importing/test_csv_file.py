"""Other people's files: their encodings, separators and defects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.errors import Invalid
from marinemarket.listings.importing.csv_file import LONGEST_LINE, RawRow, SourceFile, repaired

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
    ],
)
def test_a_table_is_read_however_it_was_saved(rows_of: Reading, content: bytes) -> None:
    (row,) = rows_of(content)
    assert row.cells == {"a": "1", "b": "2"}


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
    assert (short.cells, short.fault) == (None, "has 1 cells where the header has 2")
    assert long.fault == "has 4 cells where the header has 2; followed by: three | four"
    assert (short.line, long.line) == (2, 3)


def test_nul_and_stray_quotes_are_ordinary_characters(rows_of: Reading) -> None:
    (row,) = rows_of(b'a,b\n1\x00,tw"o\n')
    assert row.cells == {"a": "1\x00", "b": 'tw"o'}


def test_an_unterminated_quote_is_one_row(rows_of: Reading) -> None:
    rows = rows_of(b'a,b\n1,2\n3,"4\n5,6\n7,8\n')
    assert [row.cells is None for row in rows] == [False, False]
    assert rows[1].cells == {"a": "3", "b": "4\n5,6\n7,8"}


def test_a_row_with_a_huge_cell_is_invalid_and_the_next_one_is_read(rows_of: Reading) -> None:
    huge, next_one = rows_of(b"a,b\n1," + b"x" * 1_000_001 + b"\n3,4\n")
    assert huge.cells is None
    assert "field larger than field limit" in (huge.fault or "")
    assert next_one.cells == {"a": "3", "b": "4"}


def test_a_line_without_end_is_one_refused_row_and_only_its_beginning_is_read(
    rows_of: Reading,
) -> None:
    long = b"1," * LONGEST_LINE
    refused, next_one = rows_of(b"a,b\n" + long + b"\n3,4\n")
    assert refused == RawRow(2, [], None, "is longer than 1000000 bytes")
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
        (b",,\n1,2,3\n", "FILE: is empty: it has no header"),
        (b"a\rb\rc\r", "FILE: has no header: "),
        (b"x" * 1_000_001, "FILE: has no header: "),
        (b"a,b,a \n1,2,3\n", "a: names two columns"),
    ],
)
def test_a_file_without_a_valid_header_is_refused(
    rows_of: Reading, content: bytes, text: str
) -> None:
    with pytest.raises(Invalid) as caught:
        rows_of(content)
    assert str(caught.value).startswith(text)


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
