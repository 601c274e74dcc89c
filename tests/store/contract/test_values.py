"""Values come back as they were put, and values that some engine cannot store are refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.errors import Invalid
from marinemarket.store.items import check_item, same
from marinemarket.store.schema import LISTINGS
from marinemarket.store.store import Store
from marinemarket.store.writes import Equals, Put, Update
from marinemarket.wire import decode, encode
from tests.store.item_builders import a_boat
from tests.store.paging import feed, state

pytestmark = pytest.mark.anyio

DIGITS = "12345678901234567890123456789012345678"

KEPT: list[Any] = [
    "",
    " \t\n\x00\x7f",
    "Ærøskøbing \U0001f6a4 שלום 船 e\u0301",
    "\u2028\u2029\ufeff\uffff",
    None,
    True,
    False,
    0,
    -1,
    2**63,
    2**64,
    -(2**63) - 1,
    int(DIGITS),
    -int(DIGITS),
    10**125,
    Decimal(DIGITS),
    Decimal(f"0.{DIGITS}"),
    Decimal(f"-{DIGITS[:19]}.{DIGITS[19:]}"),
    Decimal("0.1"),
    Decimal("1E-130"),
    Decimal("9." + "9" * 37 + "E+125"),
    Decimal("1.50"),
    [],
    {},
    [None, "", [], {}, [[["deep"]]]],
    {" ": "hardly a name", "a.b": {"c": [1, Decimal("2.5")]}, "$set": 1, "é": True},
]

REFUSED: list[Any] = [
    1.5,
    0.0,
    float("nan"),
    float("inf"),
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("-Infinity"),
    10**126,
    int(DIGITS + "1"),
    Decimal(f"0.{DIGITS}1"),
    Decimal("1E-131"),
    "half \ud83d",
    "\udc00",
    b"bytes",
    {"a set"},
    1 + 2j,
    ...,
    {1: "a name that is no text"},
    {"": "an empty name"},
    {"\ud83d": 1},
    ["fine", {"fine": ["not", 0.5]}],
]


def _nested(depth: int) -> Any:
    value: Any = "bottom"
    for _ in range(depth):
        value = [value]
    return value


async def test_a_value_comes_back_exactly(store: Store) -> None:
    for value in KEPT:
        await store.commit(Put(LISTINGS, a_boat(value=value)))
        got = (await store.get(LISTINGS, "boat") or {})["value"]
        assert same(got, value)
        assert isinstance(got, bool) == isinstance(value, bool)
    changes = await feed(store)
    assert len(changes) == len(KEPT)
    for change, value in zip(changes, KEPT, strict=True):
        assert same(change.new, a_boat(value=value))


async def test_a_value_that_cannot_be_kept_is_refused(store: Store) -> None:
    for value in REFUSED:
        with pytest.raises(Invalid, match="value"):
            await store.commit(Put(LISTINGS, a_boat(value=value)))
    assert await state(store) == {}
    await store.commit(Put(LISTINGS, a_boat()))
    for value in REFUSED:
        with pytest.raises(Invalid, match="value"):
            await store.commit(Update(LISTINGS, ("boat",), set={"value": value}))
    assert list((await state(store)).values()) == [a_boat()]


async def test_every_offending_value_is_named_with_its_path(store: Store) -> None:
    with pytest.raises(Invalid) as caught:
        await store.commit(Put(LISTINGS, {"price": 1.5, "crew": [{"age": float("nan")}]}))
    assert [error.field for error in caught.value.errors] == ["price", "crew.0.age", "id"]


async def test_values_are_nested_32_deep_and_no_deeper(store: Store) -> None:
    await store.commit(Put(LISTINGS, a_boat(value=_nested(31))))
    assert (await store.get(LISTINGS, "boat") or {})["value"] == _nested(31)
    with pytest.raises(Invalid, match="nested more than 32 deep"):
        await store.commit(Put(LISTINGS, a_boat(value=_nested(32))))


async def test_a_value_that_holds_itself_is_refused(store: Store) -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(Invalid, match="nested"):
        await store.commit(Put(LISTINGS, a_boat(value=endless)))


async def test_a_decimal_equals_the_whole_number_it_is(store: Store) -> None:
    await store.commit(Put(LISTINGS, a_boat(price=5)))
    await store.commit(Put(LISTINGS, a_boat(price=6), when=Equals(price=Decimal("5.00"))))
    assert await store.get(LISTINGS, "boat") == a_boat(price=6)


@given(
    st.one_of(
        st.integers(-(10**38) + 1, 10**38 - 1),
        st.decimals(-(10**9), 10**9, places=6),
        st.text(st.characters(exclude_categories=["Cs"])),
    )
)
def test_what_passes_the_check_survives_its_text(value: Any) -> None:
    item = a_boat(value=value)
    check_item(LISTINGS, item)
    assert same(decode(encode(item)), item)
