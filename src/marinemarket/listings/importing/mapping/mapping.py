"""A mapping: which field each column of a file holds, and what holds for all of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import Field as Bounds

from ....errors import FieldError, Invalid
from ....figures.currencies import codes
from ....i18n.texts import gettext as _
from ....wire import Model
from ...vocabulary.boat_types import BY_NAME
from ...vocabulary.countries import country_code
from .fields import FIELDS, LENGTH_UNITS, PRICE
from .vocabulary import key

_NAMESPACE = UUID("41b7c9d0-93c4-4f0c-8d3a-8f8f6e1f2a57")
_Short = Annotated[str, Bounds(strict=True, max_length=100)]


class WithoutPrice(StrEnum):
    """What becomes of a row without a price."""

    REFUSED = "refused"
    ON_REQUEST = "onRequest"


class ColumnRule(Model):
    """Which field a column holds, and in which unit a bare number of it is.

    Of a price the unit is its currency.
    """

    column: Annotated[str, Bounds(strict=True, min_length=1, max_length=200)]
    field: _Short
    unit: _Short | None = None


class Mapping(Model):
    """A mapping of columns. Columns that it does not name are left out.

    `country` (two letters), `currency`, `type` (of the boat) and `length_unit` are for rows and columns
    that do not say so themselves.
    """

    columns: Annotated[tuple[ColumnRule, ...], Bounds(max_length=1000)] = ()
    country: _Short | None = None
    currency: _Short | None = None
    type: _Short | None = None
    length_unit: _Short | None = None
    without_price: WithoutPrice = WithoutPrice.REFUSED

    def rules_of(self, field: str) -> list[ColumnRule]:
        """The columns that hold a field, in the file's order."""
        return [rule for rule in self.columns if rule.field == field]

    def has(self, *fields: str) -> bool:
        """Does any column hold one of these fields?"""
        return any(rule.field in fields for rule in self.columns)

    def left_out(self, columns: Iterable[str]) -> list[str]:
        """The columns of a file that hold none of our fields."""
        used = {rule.column for rule in self.columns}
        return [column for column in columns if column and column not in used]


def check_mapping(mapping: Mapping, columns: Sequence[str] | None = None) -> None:
    """Raises Invalid with everything that cannot be in a mapping, or not for a file with these columns."""
    errors = [error for rule in mapping.columns for error in _rule_errors(rule, columns)]
    names = [rule.column for rule in mapping.columns]
    errors += [
        FieldError(name, _("is named twice"))
        for name in sorted({n for n in names if names.count(n) > 1})
    ]
    for field in FIELDS.values():
        holding = [rule.column for rule in mapping.rules_of(field.name)]
        if len(holding) > 1 and not field.repeats:
            message = _(
                "only one column may hold “%(field)s”, and %(other)s does",
                field=_(field.label), other=holding[0],
            )  # fmt: skip
            errors.append(FieldError(holding[1], message))
    errors += _missing(mapping)
    errors += _everywhere_errors(mapping)
    if errors:
        raise Invalid(errors)


def _rule_errors(rule: ColumnRule, columns: Sequence[str] | None) -> list[FieldError]:
    if columns is not None and rule.column not in columns:
        return [FieldError(rule.column, _("is not a column of this file"))]
    if rule.field not in FIELDS:
        return [
            FieldError(rule.column, _("“%(field)s” is not a field here", field=rule.field[:60]))
        ]
    if rule.unit is None:
        return []
    units = FIELDS[rule.field].units
    if rule.field == PRICE:
        if rule.unit not in codes():
            return [FieldError(rule.column, _("its currency must be three letters, such as EUR"))]
    elif rule.unit not in units:
        known = ", ".join(units) or "–"
        return [FieldError(rule.column, _("its unit must be one of %(known)s", known=known))]
    return []


def _missing(mapping: Mapping) -> list[FieldError]:
    errors = []
    if not mapping.has(PRICE, "priceOnRequest") and mapping.without_price is WithoutPrice.REFUSED:
        errors.append(
            FieldError(
                "price", _("no column holds the price: name one, or choose price on request")
            )
        )
    if not (mapping.has("country", "place", "state") or mapping.country):
        errors.append(
            FieldError(
                "country", _("no column says in which country the boats are: choose one for all")
            )
        )
    if not (mapping.has("type") or mapping.type):
        errors.append(FieldError("type", _("no column holds the boat type: choose one for all")))
    if not mapping.has("title", "maker", "model", "makerModel"):
        errors.append(FieldError("title", _("no column holds a title, a manufacturer or a model")))
    return errors


def _everywhere_errors(mapping: Mapping) -> list[FieldError]:
    errors = []
    if mapping.country and country_code(mapping.country) is None:
        errors.append(
            FieldError("country", _("is no country: write its two letters or its English name"))
        )
    if mapping.currency and mapping.currency not in codes():
        errors.append(FieldError("currency", _("must be three letters, such as EUR")))
    if mapping.type and mapping.type not in BY_NAME:
        errors.append(FieldError("type", _("is no boat type of this market")))
    if mapping.length_unit and mapping.length_unit not in LENGTH_UNITS:
        errors.append(
            FieldError("lengthUnit", _("must be one of %(known)s", known=", ".join(LENGTH_UNITS)))
        )
    return errors


def header_key(columns: Iterable[str]) -> str:
    """What is the same for files with the same header, whatever the order of their columns."""
    spelt = sorted(key(column) or column for column in columns if column)
    return str(uuid5(_NAMESPACE, "\n".join(spelt)))
