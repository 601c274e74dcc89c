"""The format of data outside Python: camelCase JSON with exact numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from ipaddress import ip_address
from typing import Annotated, Any, Self, cast

import msgspec
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    ValidationError,
)
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, PydanticKnownError
from pydantic_core.core_schema import (
    no_info_before_validator_function,
    no_info_plain_validator_function,
)

from .clock import from_iso, iso
from .errors import FieldError, Invalid
from .i18n.texts import gettext as _
from .i18n.texts import mark, ngettext, nmark
from .text import clean_line, clean_prose


def _plain(value: Any) -> Any:
    """Convert catalogue texts, a subclass that msgspec does not accept, to plain str."""
    if isinstance(value, str):
        return str(value)
    raise NotImplementedError


_encoder = msgspec.json.Encoder(decimal_format="number", enc_hook=_plain)
_sorting_encoder = msgspec.json.Encoder(decimal_format="number", enc_hook=_plain, order="sorted")


def _decimal(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation:
        raise ValueError(_("holds a number that is out of range")) from None


_decoder = msgspec.json.Decoder(float_hook=_decimal)


def encode(value: Any) -> bytes:
    """JSON, with decimals as numbers and every digit kept."""
    return _encoder.encode(value)


def encode_sorted(value: Any) -> bytes:
    """As `encode`, with the names of every object sorted: equal values give equal bytes."""
    return _sorting_encoder.encode(value)


def decode(data: bytes | str) -> Any:
    """The reverse of `encode`: whole numbers become int, others Decimal. Raises msgspec.DecodeError."""
    try:
        return _decoder.decode(data)
    except RecursionError:
        raise msgspec.DecodeError("is nested too deep") from None


# -- Lengths -----------------------------------------------------------------------------------

_COUNTED = frozenset({"list", "tuple", "set", "frozenset", "dict"})
_NO_SCHEMAS = frozenset({"metadata", "serialization", "default", "config", "cls", "ref"})


def _length_first(schema: Any) -> Any:
    """A schema whose lists and objects count their entries before they check any.

    Pydantic counts those that passed: half a million wrong ones are half a million errors first.
    """
    if isinstance(schema, list | tuple):
        return type(schema)(map(_length_first, schema))
    if not isinstance(schema, dict) or not isinstance(schema.get("type"), str):
        return schema
    inner = {name: _inside(name, part) for name, part in schema.items()}
    if inner["type"] in _COUNTED and "max_length" in inner:
        return no_info_before_validator_function(_not_above(inner["max_length"]), inner)
    return inner


def _inside(name: str, part: Any) -> Any:
    if name in _NO_SCHEMAS:
        return part
    if name == "fields" and isinstance(part, dict):
        return {field: _length_first(of) for field, of in part.items()}
    return _length_first(part)


def _not_above(most: int) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if isinstance(value, list | tuple | set | frozenset | dict) and len(value) > most:
            limits = {"field_type": "List", "max_length": most, "actual_length": len(value)}
            raise PydanticKnownError("too_long", limits)
        return value

    return check


# -- Models -------------------------------------------------------------------------------------


class Model(BaseModel):
    """An immutable record: snake_case in Python, camelCase on the wire; unknown fields are refused.

    A list or object that is too long is refused before anything in it is looked at.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        extra="forbid",
        frozen=True,
    )

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return cast("CoreSchema", _length_first(handler(source)))

    @classmethod
    def parse(cls, data: Any, **context: Any) -> Self:
        """Validate wire data. Raises Invalid with every broken rule at once."""
        try:
            return cls.model_validate(data, context=context, by_alias=True, by_name=False)
        except ValidationError as error:
            raise Invalid(field_errors(error)) from None

    def to_wire(self) -> dict[str, Any]:
        """The model on the wire, without absent values."""
        return self.model_dump(by_alias=True, exclude_none=True)

    def changed(self, **changes: Any) -> Self:
        """A copy with some values replaced, validated again. Raises Invalid."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        try:
            return type(self)(**(values | changes))
        except ValidationError as error:
            raise Invalid(field_errors(error)) from None


# -- Messages for Pydantic's errors ------------------------------------------------------------

_MESSAGES = {
    "missing": mark("is required"),
    "extra_forbidden": mark("is not a field here"),
    "int_type": mark("must be a whole number"),
    "int_from_float": mark("must be a whole number"),
    "int_parsing": mark("must be a whole number"),
    "string_type": mark("must be text"),
    "string_unicode": mark("must be text without halves of characters (lone surrogates)"),
    "bool_type": mark("must be true or false"),
    "list_type": mark("must be a list"),
    "tuple_type": mark("must be a list"),
    "model_type": mark("must be an object"),
    "model_attributes_type": mark("must be an object"),
    "dict_type": mark("must be an object"),
    "greater_than_equal": mark("must be at least %(ge)s"),
    "less_than_equal": mark("must be at most %(le)s"),
    "enum": mark("must be one of %(expected)s"),
    "literal_error": mark("must be one of %(expected)s"),
}


# Of a limit that is counted: where Pydantic has it, and the texts for one and for many.
_COUNTING = {
    "string_too_short": (
        "min_length", nmark("must be at least %(num)s character", "must be at least %(num)s characters")
    ),
    "string_too_long": (
        "max_length", nmark("must be at most %(num)s character", "must be at most %(num)s characters")
    ),
    "too_short": (
        "min_length", nmark("must have at least %(num)s entry", "must have at least %(num)s entries")
    ),
    "too_long": (
        "max_length", nmark("must have at most %(num)s entry", "must have at most %(num)s entries")
    ),
}  # fmt: skip


def field_errors(
    error: ValidationError, *, names: Callable[[str], str] | None = None
) -> list[FieldError]:
    """Pydantic's errors in our words, each with its path on the wire.

    `names` translates a field's name into the sender's name for it. By default that is its alias;
    an unknown name stays as it was sent.
    """
    known, unknown = names or to_camel, names or str
    return [
        FieldError(
            _path(found["loc"], unknown if found["type"] == "extra_forbidden" else known),
            _message(found["type"], found["msg"], found.get("ctx", {})),
        )
        for found in error.errors(include_url=False, include_input=False)
    ]


def _path(location: tuple[int | str, ...], names: Callable[[str], str]) -> str:
    parts = (str(part) if isinstance(part, int) else names(part) for part in location)
    return ".".join(parts) or "body"


def _message(kind: str, text: str, context: dict[str, Any]) -> str:
    if kind in _COUNTING:
        limit, texts = _COUNTING[kind]
        return ngettext(*texts, context[limit], num=context[limit])
    if kind in _MESSAGES:
        plain = {name: str(value) for name, value in context.items()}
        expected = plain.get("expected", "").replace(" or '", ", '").replace("'", "")
        return _(_MESSAGES[kind], **plain | {"expected": expected})
    if isinstance(context.get("error"), ValueError):
        # Its own text, which the catalogue knows, and not a copy of it behind "Value error".
        return str(context["error"])
    return text.removeprefix("Value error, ")


# -- Kinds of value ----------------------------------------------------------------------------

CLEAN_LINE = BeforeValidator(lambda value: clean_line(value) if isinstance(value, str) else value)
CLEAN_PROSE = BeforeValidator(lambda value: clean_prose(value) if isinstance(value, str) else value)

Text = Annotated[str, Field(min_length=1, max_length=1000), CLEAN_LINE]
"""Short text of one line, cleaned. Longer text is an error, never truncated."""

Prose = Annotated[str, Field(min_length=1, max_length=10_000), CLEAN_PROSE]
"""Text of several lines, cleaned."""


@dataclass(frozen=True, slots=True)
class Exact:
    """Annotates a Decimal: within an inclusive range, rounded half up to `places` decimals."""

    lowest: str
    highest: str
    places: int = 2
    unit: str = ""

    def check(self, value: Any) -> Decimal:
        number = decimal_of(value, self.places)
        if not Decimal(self.lowest) <= number <= Decimal(self.highest):
            unit = f" {self.unit}" if self.unit else ""
            raise ValueError(
                _(
                    "must be from %(lowest)s to %(highest)s%(unit)s",
                    lowest=self.lowest,
                    highest=self.highest,
                    unit=unit,
                )
            )
        return number

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        bounds = {"minimum": float(self.lowest), "maximum": float(self.highest)}
        return {"type": "number", **bounds} | ({"x-unit": self.unit} if self.unit else {})


_LARGEST = 10**12
_NO_SENSIBLE_NUMBER = mark("must be a finite number of sensible size")


def decimal_of(value: Any, places: int) -> Decimal:
    """A number rounded half up to `places` decimals. Raises ValueError unless it is a sensible number."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError(_("must be a number"))
    # Compared first: arithmetic on 1e9999999 overflows, and a huge int cannot be converted to str.
    if isinstance(value, int) and abs(value) >= _LARGEST:
        raise ValueError(_(_NO_SENSIBLE_NUMBER))
    number = Decimal(str(value))
    if not (number.is_finite() and -_LARGEST < number < _LARGEST):
        raise ValueError(_(_NO_SENSIBLE_NUMBER))
    # Adding 0 turns -0 into 0.
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0
    whole = rounded.to_integral_value()
    return whole if rounded == whole else rounded.normalize()


LOWEST_PRICE, HIGHEST_PRICE = 100, 1_000_000_000
Cents = Annotated[int, Field(strict=True, ge=LOWEST_PRICE, le=HIGHEST_PRICE)]
"""US cents: from one dollar to ten million."""

Millis = Annotated[int, Field(strict=True, ge=0, le=99_999_999_999_999)]
"""Unix milliseconds, UTC."""


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError(_("must be a day, such as 2026-01-31")) from None


Day = Annotated[
    str,
    Field(strict=True, max_length=10, json_schema_extra={"format": "date"}),
    AfterValidator(_day),
]
"""A day in ISO 8601: ``2026-01-31``."""

Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)]

Flag = Annotated[bool, Field(strict=True)]


def _moment(value: str) -> str:
    try:
        return iso(from_iso(value))
    except (ValueError, OverflowError):
        raise ValueError(_("must be an ISO 8601 time with its time zone")) from None


Moment = Annotated[
    str,
    Field(strict=True, max_length=40, json_schema_extra={"format": "date-time"}),
    AfterValidator(_moment),
]
"""ISO 8601, UTC, fixed width: ``2026-01-31T08:05:00.000Z``."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_uuid(text: str) -> bool:
    """Is this an identifier in our spelling, a UUID in lower case?"""
    return _UUID.fullmatch(text) is not None


def _uuid(value: str) -> str:
    if not is_uuid(value):
        raise ValueError(_("must be a UUID in lower case"))
    return value


Id = Annotated[
    str,
    Field(strict=True, max_length=100, json_schema_extra={"format": "uuid"}),
    AfterValidator(_uuid),
]


def checked_address(text: str) -> str:
    """An IP address in its usual spelling. Raises ValueError for anything else."""
    try:
        return str(ip_address(text))
    except ValueError:
        raise ValueError(_("must be an IP address")) from None


IpAddress = Annotated[str, Field(strict=True, max_length=60), AfterValidator(checked_address)]
