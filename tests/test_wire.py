"""The wire: exact numbers, kinds of value, and what broken rules are called."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.errors import Invalid
from marinemarket.wire import (
    Cents,
    Exact,
    Flag,
    Id,
    IpAddress,
    Millis,
    Model,
    Moment,
    Prose,
    Text,
    decimal_of,
    decode,
    encode,
)


class Flavour(StrEnum):
    SWEET = "sweet"
    SALT = "salt"


class Inner(Model):
    deep_value: Millis


class Sample(Model):
    some_text: Text | None = None
    prose: Prose | None = None
    price: Cents | None = None
    feet: Annotated[Decimal, Exact("5", "650", unit="ft")] | None = None
    flag: Flag | None = None
    moment: Moment | None = None
    id: Id | None = None
    ip_address: IpAddress | None = None
    flavour: Flavour | None = None
    inner: Inner | None = None
    many: tuple[Inner, ...] = ()


def wrong(**overrides: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        Sample.parse(overrides)
    return {error.field: error.message for error in caught.value.errors}


# -- JSON ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("12.50", Decimal("12.50")),
        ("0.1", Decimal("0.1")),
        ("1e999", Decimal("1e999")),
        ("123456789012345678901234567890", 123456789012345678901234567890),
        ('"é"', "é"),
    ],
)
def test_numbers_arrive_exactly(text: str, value: object) -> None:
    assert decode(text) == value
    assert type(decode(text)) is type(value)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_decimal_keeps_every_digit(number: Decimal) -> None:
    assert decode(encode(number)) == number


@pytest.mark.parametrize(
    "text",
    ["NaN", "Infinity", "-Infinity", "1e99999999999999999999", '"\\ud800"', "[" * 100_000, "", "{"],
)
def test_what_is_no_json_is_a_decode_error(text: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(text)


# -- Numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (40, "40"),
        (40.0, "40"),
        (Decimal("40.10"), "40.1"),
        (Decimal("40.005"), "40.01"),
        (Decimal("40.0049999"), "40"),
        (0.1 + 0.2, "0.3"),
        (Decimal("1e2"), "100"),
        (Decimal("-0.001"), "0"),
    ],
)
def test_a_number_is_rounded_half_up_and_written_shortest(value: Any, kept: str) -> None:
    assert str(decimal_of(value, 2)) == kept


@pytest.mark.parametrize("value", ["40", True, None, [], {}, b"40"])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="must be a number"):
        decimal_of(value, 2)


@pytest.mark.parametrize(
    "value",
    [
        *(float("nan"), float("inf"), Decimal("sNaN"), Decimal("-Infinity")),
        *(
            10**12,
            -(10**12),
            pytest.param(10**5000, id="10**5000"),
            Decimal("1e999"),
            Decimal("1e9999999"),
        ),
    ],
)
def test_a_number_beyond_measure_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="finite number of sensible size"):
        decimal_of(value, 2)


@given(st.decimals(-(10**11), 10**11), st.integers(0, 5))
def test_rounding_twice_is_rounding_once(number: Decimal, places: int) -> None:
    once = decimal_of(number, places)
    assert decimal_of(once, places) == once
    assert decimal_of(decode(encode(once)), places) == once
    assert abs(once - number) <= Decimal(1).scaleb(-places) / 2


def test_the_ends_of_a_range_belong_to_it() -> None:
    assert Sample.parse({"feet": 5}).feet == 5
    assert Sample.parse({"feet": Decimal("650.004")}).feet == 650
    assert wrong(feet=Decimal("4.99")) == {"feet": "must be from 5 to 650 ft"}
    assert wrong(feet=Decimal("650.005")) == {"feet": "must be from 5 to 650 ft"}


# -- Kinds of value --------------------------------------------------------------------------------


@pytest.mark.parametrize("price", [100, 1_000_000_000])
def test_a_price_is_from_one_dollar_to_ten_million(price: int) -> None:
    assert Sample.parse({"price": price}).price == price


@pytest.mark.parametrize(
    ("price", "message"),
    [
        (0, "must be at least 100"),
        (-1, "must be at least 100"),
        (99, "must be at least 100"),
        (1_000_000_001, "must be at most 1000000000"),
        (10**18, "must be at most 1000000000"),
        pytest.param(10**5000, "must be at most 1000000000", id="10**5000"),
        (100.0, "must be a whole number"),
        (100.5, "must be a whole number"),
        (Decimal("100.5"), "must be a whole number"),
        (Decimal("1e999"), "must be a whole number"),
        (float("nan"), "must be a whole number"),
        (float("inf"), "must be a whole number"),
        (True, "must be a whole number"),
        ("100", "must be a whole number"),
        ([100], "must be a whole number"),
    ],
)
def test_any_other_price_is_refused(price: object, message: str) -> None:
    assert wrong(price=price) == {"price": message}


@pytest.mark.parametrize("flag", [1, 0, "true", "yes", [], Decimal(1)])
def test_only_true_and_false_are_flags(flag: object) -> None:
    assert wrong(flag=flag) == {"flag": "must be true or false"}


def test_text_is_cleaned_before_it_is_measured() -> None:
    assert Sample.parse({"someText": "  <a>\x00 b "}).some_text == "‹a› b"
    assert wrong(someText=" \u202e ") == {"someText": "must be at least 1 character"}
    assert Sample.parse({"someText": " " + "x" * 1000 + " "}).some_text == "x" * 1000
    assert wrong(someText="x" * 1001) == {"someText": "must be at most 1000 characters"}
    assert Sample.parse({"prose": "x" * 10_000}).prose == "x" * 10_000
    assert wrong(prose="x" * 10_001) == {"prose": "must be at most 10000 characters"}


@pytest.mark.parametrize("value", [1, True, ["a"], {"a": 1}, Decimal("1.5")])
def test_text_is_never_made_of_something_else(value: object) -> None:
    assert wrong(someText=value) == {"someText": "must be text"}


def test_half_a_character_is_reported_one() -> None:
    assert wrong(someText="\ud800") == {"someText": "holds half of a character (a lone surrogate)"}
    assert "lone surrogate" in wrong(moment="\ud800")["moment"]


def test_a_moment_is_kept_in_one_spelling() -> None:
    parsed = Sample.parse({"moment": "2026-01-31T09:05:00+01:00"})
    assert parsed.moment == "2026-01-31T08:05:00.000Z"
    assert Sample.parse({"moment": "0001-01-01T00:00:00Z"}).moment == "0001-01-01T00:00:00.000Z"


@pytest.mark.parametrize(
    "moment",
    ["2026-01-31T08:05:00", "tomorrow", "0001-01-01T00:00:00+05:00", "9999-12-31T23:59-05"],
)
def test_a_moment_without_zone_or_beyond_time_is_refused(moment: str) -> None:
    assert wrong(moment=moment) == {"moment": "must be an ISO 8601 time with its time zone"}


@pytest.mark.parametrize(
    "id",
    [
        "8C12775F-4A1F-5EB8-A456-480235FBC611",
        "8c12775f4a1f5eb8a456480235fbc611",
        "8c12775f-4a1f-5eb8-a456-480235fbc611\n",
        "",
        "1",
    ],
)
def test_an_id_is_a_uuid_in_its_one_spelling(id: str) -> None:
    assert wrong(id=id) == {"id": "must be a UUID in lower case"}


def test_an_ip_address_is_kept_in_its_shortest_spelling() -> None:
    assert Sample.parse({"ipAddress": "2001:DB8:0::1"}).ip_address == "2001:db8::1"
    assert wrong(ipAddress="1.2.3") == {"ipAddress": "must be an IP address"}
    assert wrong(ipAddress=16843009) == {"ipAddress": "must be text"}


# -- Models ----------------------------------------------------------------------------------------


def test_every_broken_rule_is_reported_at_its_path() -> None:
    assert wrong(
        some_text="by its name in Python",
        price=0,
        flavour="sour",
        inner={},
        many=[{"deepValue": 1}, {"deepValue": -1}, 7],
        Foo_Bar=1,
    ) == {
        "some_text": "is not a field here",
        "price": "must be at least 100",
        "flavour": "must be one of sweet, salt",
        "inner.deepValue": "is required",
        "many.1.deepValue": "must be at least 0",
        "many.2": "must be an object",
        "Foo_Bar": "is not a field here",
    }


@pytest.mark.parametrize("data", [None, 1, "text", [], True, [{}]])
def test_what_is_no_object_is_refused_as_a_whole(data: object) -> None:
    with pytest.raises(Invalid) as caught:
        Sample.parse(data)
    assert [str(error) for error in caught.value.errors] == ["body: must be an object"]


def test_lists_are_lists_and_objects_are_objects() -> None:
    assert wrong(many={}, inner=[]) == {"many": "must be a list", "inner": "must be an object"}
    assert wrong(many="ab") == {"many": "must be a list"}


def test_a_change_is_checked_and_the_original_stays() -> None:
    sample = Sample.parse({"price": 500, "someText": "boat"})
    assert sample.changed(price=600).to_wire() == {"price": 600, "someText": "boat", "many": ()}
    with pytest.raises(Invalid) as caught:
        sample.changed(price=1, some_text="")
    assert {error.field for error in caught.value.errors} == {"price", "someText"}
    assert sample.price == 500


def test_absent_values_are_left_out_on_the_wire() -> None:
    assert Sample.parse({"someText": None}).to_wire() == {"many": ()}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(st.sampled_from([f.alias or "" for f in Sample.model_fields.values()]), JSON)
)
def test_whatever_is_sent_is_taken_or_invalid(payload: dict[str, Any]) -> None:
    try:
        parsed = Sample.parse(payload)
    except Invalid:
        return
    assert Sample.parse(decode(encode(parsed.to_wire()))) == parsed
