"""Items outside any engine: each value has one canonical text."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.store.items import canonical, same
from marinemarket.wire import decode

numbers = st.integers(-(10**30), 10**30) | st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=9
)
values = st.recursive(
    st.none() | st.booleans() | st.text() | numbers,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1), inner, max_size=3)
    ),
    max_leaves=8,
)
items = st.dictionaries(st.text(), values, max_size=4)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"a": {"x": 1, "y": [1]}}, {"a": {"y": (1,), "x": 1}}),
        ({"a": 1}, {"a": Decimal("1.00")}),
        ({"a": 0}, {"a": Decimal("-0.0")}),
        ({"a": 10**30}, {"a": Decimal("1E+30")}),
        ({"a": Decimal("2.50")}, {"a": Decimal("2.5")}),
    ],
)
def test_the_same_item_has_the_same_text(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"), [({"a": 1}, {"a": True}), ({"a": 1}, {"a": "1"}), ({}, {"a": None})]
)
def test_other_items_have_other_texts(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert canonical(one) != canonical(other)


@given(item=items)
def test_a_text_tells_the_whole_item(item: dict[str, Any]) -> None:
    told = decode(canonical(item))
    assert same(told, item)
    assert canonical(told) == canonical(item)
